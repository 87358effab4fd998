/* BibTeX for arXiv ids, in process: cc cite.c $(pkg-config --cflags --libs bibsmith) && ./a.out 1706.03762 */
#include <bibsmith/bibsmith.h>
#include <stdio.h>

int main(int argc, char **argv) {
  bibsmith_context *context;
  bibsmith_text text;
  bibsmith_status status = bibsmith_open(BIBSMITH_ABI, NULL, &context);
  if (status == BIBSMITH_OK)
    status = bibsmith_get(context, (const char *const *)argv + 1, (size_t)argc - 1, "bibtex", NULL, NULL, &text);
  if (status != BIBSMITH_OK) bibsmith_last_error(&text);
  fputs(text.data, status == BIBSMITH_OK ? stdout : stderr);
  bibsmith_text_free(&text);
  bibsmith_close(context);
  return status != BIBSMITH_OK;
}
