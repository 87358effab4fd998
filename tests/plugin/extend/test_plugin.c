/* A plugin with every extension, which does as its ids say. Built several times, with one fault each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bibsmith/bibsmith_plugin.h"

static const bibsmith_plugin_host *host;

static bibsmith_status give(const char *text) { return host->answer(host, text, strlen(text)); }

static bibsmith_status fetch_over_http(const char *id) {
  int32_t status = 0;
  const char *body = NULL;
  size_t size = 0;
  static char answer[4096];
  const bibsmith_status got = host->http_get(host, id + strlen("test:"), "text/plain", &status, &body, &size);
  if (got != BIBSMITH_OK) return got; /* fail() was called by the host */
  snprintf(answer, sizeof answer, "[{\"id\":\"%s\",\"item\":{\"type\":\"book\",\"title\":\"%d %.*s\"}}]", id, (int)status,
           (int)size, body);
  return give(answer);
}

static bibsmith_status fetch(const bibsmith_plugin *plugin, const char *const *ids, size_t count) {
  (void)plugin;
  const char *id = ids[0];
  if (strcmp(id, "test:crash") == 0) abort();
  if (strcmp(id, "test:exit") == 0) exit(3);
  if (strcmp(id, "test:hang") == 0) {
    for (;;) pause();
  }
  if (strcmp(id, "test:until-cancelled") == 0) {
    host->log(host, "waiting");
    while (!host->cancelled(host)) usleep(1000);
    return host->fail(host, BIBSMITH_CANCELLED, "cancelled");
  }
  if (strcmp(id, "test:garbage") == 0) return give("\xff{]");
  if (strcmp(id, "test:no-list") == 0) return give("{}");
  if (strcmp(id, "test:no-answer") == 0) return BIBSMITH_OK;
  if (strcmp(id, "test:refused") == 0) return host->fail(host, BIBSMITH_NETWORK, "the server\n is down\x1b[31m");
  if (strcmp(id, "test:prints") == 0) {
    printf("what would break the protocol\n");
    fflush(stdout);
    return give("[]");
  }
  if (strncmp(id, "test:http", 9) == 0) return fetch_over_http(id);
  if (count == 2) {
    return give(
        "[{\"id\":\"test:2\",\"item\":{\"type\":\"article-journal\",\"title\":\"Second\",\"author\":[{\"family\":\"Lee\",\"given\":"
        "\"Ann\"}],\"issued\":{\"date-parts\":[[2002,3]]},\"container-title\":\"J. Tests\",\"volume\":7,\"page\":\"1-9\",\"DOI\":"
        "\"10.1000/2\"}},{\"id\":\"test:other\"}]");
  }
  return give("[{\"id\":\"test:1\",\"item\":{\"type\":\"book\",\"title\":\"First \\u00e9\",\"citation-key\":\"mine\"}}]");
}

static bibsmith_status write_items(const bibsmith_plugin *plugin, const char *items, size_t size) {
  static char text[4096];
  (void)plugin;
  if (size > sizeof text - 64) size = sizeof text - 64;
  snprintf(text, sizeof text, "config %s\nitems %.*s\n", host->config, (int)size, items);
  return give(text);
}

static bibsmith_status read_text(const bibsmith_plugin *plugin, const char *text, size_t size) {
  (void)plugin;
  if (size == 3 && memcmp(text, "bad", 3) == 0) return host->fail(host, BIBSMITH_PARSE, "line 1: bad");
  return give("[{\"type\":\"book\",\"title\":\"Read\"}]");
}

static bibsmith_status keys(const bibsmith_plugin *plugin, const char *items, size_t size) {
  (void)plugin;
  if (memmem(items, size, "Bad key", 7) != NULL) return give("[\"a, b\"]");
  return give(memmem(items, size, "\"id\":\"second\"", 13) != NULL ? "[\"key1\",\"\"]" : "[\"key1\"]");
}

static bibsmith_status apply(const bibsmith_plugin *plugin, const char *items, size_t size) {
  static char text[1 << 16];
  const char *found;
  size_t before;
  (void)plugin;
  found = memmem(items, size, "\"title\":\"", 9);
  if (found == NULL || size + 16 > sizeof text) return host->answer(host, items, size);
  before = (size_t)(found - items) + 9;
  memcpy(text, items, before);
  memcpy(text + before, "Best: ", 6);
  memcpy(text + before + 6, items + before, size - before);
  return host->answer(host, text, size + 6);
}

static bibsmith_status resolve(const bibsmith_plugin *plugin, const char *items, size_t size) {
  (void)plugin;
  (void)items;
  (void)size;
  return give("[\"10.1000/published\"]");
}

static const char *const schemes[] = {"test", NULL};
#ifdef LYING_EXTENSION
#define EXTENSION_SIZE 8
#else
#define EXTENSION_SIZE sizeof(bibsmith_fetcher)
#endif
static const bibsmith_fetcher fetcher = {EXTENSION_SIZE, 2, schemes, fetch};
static const bibsmith_exporter exporter = {sizeof exporter, "test-text", "txt", "text/plain", write_items};
static const bibsmith_importer importer = {sizeof importer, "test-text", "txt", read_text};
static const bibsmith_keygen keygen = {sizeof keygen, keys};
static const bibsmith_normalizer normalizer = {sizeof normalizer, 0, apply};
static const bibsmith_resolver resolver = {sizeof resolver, resolve};

static const void *extension(const bibsmith_plugin *plugin, const char *id) {
  (void)plugin;
  if (strcmp(id, BIBSMITH_FETCHER) == 0) return &fetcher;
  if (strcmp(id, BIBSMITH_EXPORTER) == 0) return &exporter;
  if (strcmp(id, BIBSMITH_IMPORTER) == 0) return &importer;
  if (strcmp(id, BIBSMITH_KEYGEN) == 0) return &keygen;
#ifdef WITH_RULES
  if (strcmp(id, BIBSMITH_NORMALIZER) == 0) return &normalizer;
  if (strcmp(id, BIBSMITH_RESOLVER) == 0) return &resolver;
#else
  (void)normalizer;
  (void)resolver;
#endif
  return NULL;
}

static const bibsmith_plugin plugin = {sizeof plugin, NULL, NULL, extension};

static bibsmith_status create(const bibsmith_plugin_host *given, const bibsmith_plugin **out) {
  host = given;
#ifdef CREATE_FAILS
  return host->fail(host, BIBSMITH_INVALID, "set [plugin.create-fails] token");
#endif
  *out = &plugin;
  return BIBSMITH_OK;
}

#ifdef CRASH_AT_LOAD
__attribute__((constructor)) static void crash(void) { abort(); }
#endif
#ifdef HANG_AT_LOAD
__attribute__((constructor)) static void hang(void) {
  for (;;) pause();
}
#endif

#ifdef OLDER_HEADER
/* The descriptor of a header that had no more: what lies behind is not there. */
static const struct {
  uint32_t size;
  const char *name, *version, *description;
} descriptor = {sizeof descriptor, "Test", "0.1", "Older"};
#define DESCRIPTOR ((const bibsmith_plugin_descriptor *)(const void *)&descriptor)
#else
static const bibsmith_plugin_descriptor descriptor = {
    sizeof descriptor, "Test", "1.0", "Does as its ids say", "https://example.org", "MIT", 0};
#define DESCRIPTOR (&descriptor)
#endif

#if defined(LYING_SMALL)
#define ENTRY_SIZE 8
#elif defined(LYING_LARGE)
#define ENTRY_SIZE 0xFFFFFFFFu
#else
#define ENTRY_SIZE sizeof(bibsmith_plugin_entry)
#endif
#ifdef OTHER_ABI
#define ENTRY_ABI 99
#else
#define ENTRY_ABI BIBSMITH_PLUGIN_ABI
#endif

#ifndef NO_ENTRY
BIBSMITH_PLUGIN_EXPORT;
const bibsmith_plugin_entry bibsmith_plugin_entry_1 = {ENTRY_SIZE, ENTRY_ABI, DESCRIPTOR, create};
#else
const bibsmith_plugin_entry another_name = {ENTRY_SIZE, ENTRY_ABI, DESCRIPTOR, create};
#endif
