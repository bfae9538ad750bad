/* TODO: write this. */
