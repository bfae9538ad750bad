#pragma once

#include "pk-store-bad.h"
