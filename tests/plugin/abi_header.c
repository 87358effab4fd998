/* The header by itself, as C99: the compiler is the test. The program checks what needs no network. */
#include "bibsmith/bibsmith.h"

#include <stdio.h>
#include <string.h>

#define CHECK(condition)                                                     \
  do {                                                                       \
    if (!(condition)) {                                                      \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);        \
      return 1;                                                              \
    }                                                                        \
  } while (0)

static int32_t cancel_at_once(void *user, uint64_t done, uint64_t total) {
  ++*(int *)user;
  return done <= total;
}

int main(int argc, char **argv) {
  bibsmith_context *context = NULL;
  bibsmith_operation *operation = NULL;
  bibsmith_options options;
  bibsmith_text text = {NULL, 0};
  const char *ids[] = {"1706.03762"};
  const char parameters[] = "{\"text\":\"arXiv:1706.03762v2\"}";
  int calls = 0;

  CHECK(argc == 2);
  CHECK(bibsmith_abi_version() == BIBSMITH_ABI);
  CHECK(strlen(bibsmith_version()) > 0);
  CHECK(strcmp(bibsmith_status_text(BIBSMITH_NOT_FOUND), "not found") == 0);
  CHECK(strcmp(bibsmith_status_text(12345), "unknown status") == 0);
  CHECK(bibsmith_last_error(&text) == BIBSMITH_NOT_FOUND && text.data == NULL);

  memset(&options, 0, sizeof options);
  CHECK(bibsmith_open(BIBSMITH_ABI, &options, &context) == BIBSMITH_INVALID && context == NULL);
  options.size = sizeof options;
  options.flags = BIBSMITH_OPTION_OFFLINE;
  options.cache_dir = options.state_dir = argv[1];
  CHECK(bibsmith_open(BIBSMITH_ABI + 65536u, &options, &context) == BIBSMITH_ABI_MISMATCH);
  CHECK(bibsmith_open(BIBSMITH_ABI, &options, NULL) == BIBSMITH_INVALID);
  CHECK(bibsmith_open(BIBSMITH_ABI, &options, &context) == BIBSMITH_OK && context != NULL);

  CHECK(bibsmith_call(context, "bibsmith/id.parse", parameters, sizeof parameters - 1, NULL, NULL, &text) ==
        BIBSMITH_OK);
  CHECK(strstr(text.data, "\"version\":2") != NULL && strlen(text.data) == text.size);
  bibsmith_text_free(&text);
  CHECK(text.data == NULL && text.size == 0);
  bibsmith_text_free(&text);
  bibsmith_text_free(NULL);

  CHECK(bibsmith_call(context, "bibsmith/none", NULL, 0, NULL, NULL, &text) == BIBSMITH_INVALID);
  CHECK(bibsmith_call(context, "bibsmith/id.parse", "{", 1, NULL, NULL, &text) == BIBSMITH_PARSE);
  CHECK(bibsmith_call(context, "bibsmith/id.parse", NULL, 1, NULL, NULL, &text) == BIBSMITH_INVALID);
  CHECK(bibsmith_call(NULL, "bibsmith/status", NULL, 0, NULL, NULL, &text) == BIBSMITH_INVALID);
  CHECK(bibsmith_call(context, NULL, NULL, 0, NULL, NULL, &text) == BIBSMITH_INVALID && text.data == NULL);

  CHECK(bibsmith_get(context, ids, 1, "bibtex", NULL, NULL, &text) == BIBSMITH_OFFLINE);
  CHECK(bibsmith_last_error(&text) == BIBSMITH_OK);
  CHECK(strstr(text.data, "\"status\":-12") != NULL);
  bibsmith_text_free(&text);
  CHECK(bibsmith_get(context, ids, 1, "word", NULL, NULL, &text) == BIBSMITH_INVALID);
  CHECK(bibsmith_get(context, NULL, 1, NULL, NULL, NULL, &text) == BIBSMITH_INVALID);
  CHECK(bibsmith_get(context, ids, 1, NULL, cancel_at_once, &calls, &text) == BIBSMITH_CANCELLED || calls == 0);

  CHECK(bibsmith_submit(context, "bibsmith/status", NULL, 0, &operation) == BIBSMITH_OK);
  CHECK(bibsmith_operation_descriptor(operation) >= 0);
  bibsmith_operation_cancel(operation);
  bibsmith_operation_free(operation);
  CHECK(bibsmith_submit(context, "bibsmith/status", NULL, 0, NULL) == BIBSMITH_INVALID);
  CHECK(bibsmith_operation_state(NULL, NULL, NULL) == BIBSMITH_INVALID);
  CHECK(bibsmith_operation_result(NULL, &text) == BIBSMITH_INVALID);
  bibsmith_operation_cancel(NULL);
  bibsmith_operation_free(NULL);
  bibsmith_close(context);
  bibsmith_close(NULL);
  return 0;
}
