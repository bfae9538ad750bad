/* goto in a comment is nothing. */
static int
clean_up (int code)
{
  if (code)
    goto out;
  code = 1;
out:
  return code;
}
