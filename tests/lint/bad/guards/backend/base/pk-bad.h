int pk_bad (void);
