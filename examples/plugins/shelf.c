/* A plugin: "shelf:42" becomes an entry by asking http://…/books/42, which answers with a title on one line and a
 * year on the next. Build it and name it:
 *
 *   cc -shared -fPIC -o shelf.so shelf.c $(pkg-config --cflags bibsmith)
 *   export BIBSMITH_PLUGIN_PATH=$PWD/shelf.so
 *   bibsmith get shelf:42
 *
 * The address is a setting of the user's: [plugin.shelf] url = "http://127.0.0.1:8080" in config.toml. */
#include <bibsmith/bibsmith_plugin.h>
#include <stdio.h>
#include <string.h>

static const bibsmith_plugin_host *host;
static char address[256]; /* of the server */

/* What JSON asks for in a string: quotes, backslashes and control characters are left out. */
static void copy_plain(char *out, size_t room, const char *text, size_t size) {
  size_t used = 0;
  for (size_t i = 0; i < size && used + 1 < room; ++i) {
    if (text[i] != '"' && text[i] != '\\' && (unsigned char)text[i] >= 0x20) out[used++] = text[i];
  }
  out[used] = '\0';
}

static bibsmith_status fetch(const bibsmith_plugin *plugin, const char *const *ids, size_t count) {
  char url[512], title[1024], answer[2048];
  const char *body, *line_end;
  size_t size;
  int32_t http_status;
  int year = 0;
  (void)plugin;
  (void)count; /* ids_max is 1 */
  snprintf(url, sizeof url, "%s/books/%s", address, strchr(ids[0], ':') + 1);
  bibsmith_status status = host->http_get(host, url, "text/plain", &http_status, &body, &size);
  if (status != BIBSMITH_OK) return status;
  if (http_status == 404) return host->answer(host, "[]", 2); /* there is no such book */
  line_end = memchr(body, '\n', size);
  if (http_status != 200 || line_end == NULL || sscanf(line_end, "%d", &year) != 1) {
    return host->fail(host, BIBSMITH_PARSE, "the shelf answered with something else than a book");
  }
  copy_plain(title, sizeof title, body, (size_t)(line_end - body));
  snprintf(answer, sizeof answer,
           "[{\"id\":\"%s\",\"item\":{\"type\":\"book\",\"title\":\"%s\",\"issued\":{\"date-parts\":[[%d]]}}}]", ids[0],
           title, year);
  return host->answer(host, answer, strlen(answer));
}

static const char *const schemes[] = {"shelf", NULL};
static const bibsmith_fetcher fetcher = {sizeof fetcher, 1, schemes, fetch};

static const void *extension(const bibsmith_plugin *plugin, const char *id) {
  (void)plugin;
  return strcmp(id, BIBSMITH_FETCHER) == 0 ? &fetcher : NULL;
}

static const bibsmith_plugin shelf = {sizeof shelf, NULL, NULL, extension};

static bibsmith_status create(const bibsmith_plugin_host *given, const bibsmith_plugin **out) {
  host = given;
  /* The settings are JSON: {"url":"http://127.0.0.1:8080"}. One text needs no library. */
  const char *url = strstr(host->config, "\"url\"");
  if (url == NULL || sscanf(url, "\"url\" : \"%255[^\"]", address) != 1) {
    return host->fail(host, BIBSMITH_INVALID, "set url in [plugin.shelf] of config.toml");
  }
  *out = &shelf;
  return BIBSMITH_OK;
}

static const bibsmith_plugin_descriptor descriptor = {
    sizeof descriptor, "Shelf", "1.0", "Books of a shelf on this machine", NULL, "MIT", 0};

BIBSMITH_PLUGIN_EXPORT;
const bibsmith_plugin_entry bibsmith_plugin_entry_1 = {sizeof bibsmith_plugin_entry_1, BIBSMITH_PLUGIN_ABI,
                                                       &descriptor, create};
