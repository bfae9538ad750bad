#pragma once

size_t pk_bad_size (void);
