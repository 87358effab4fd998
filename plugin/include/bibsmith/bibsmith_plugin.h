/*
 * Plugins of Bibsmith as shared objects: sources, formats, keys and rules of third parties, without a
 * rebuild.
 *
 * Valid as C99 and as C++11. docs/plugins.md makes a first plugin step by step, and has the same for programs
 * of any other language, which speak JSON over standard input and output.
 *
 * Conventions
 *
 *  1. A plugin exports one symbol, bibsmith_plugin_entry_1, and links against nothing of Bibsmith: what it
 *     needs comes as functions of the host.
 *  2. It runs in a process of its own (bibsmith plugin-host), with one thread, and is called by one at a
 * time. If it crashes, hangs or lies, it loses its own result, and nothing else does.
 *  3. Structures begin with their size and only grow at their end. Each side reads no member that lies behind
 *     the other's size; a missing function is one that the other side does not offer.
 *  4. Works cross as CSL-JSON (docs.citationstyles.org, schema 1.0.2): an array of items. The interface does
 *     not follow the data model of either side.
 *  5. A function that works gives its result with host->answer(), which copies it, and returns BIBSMITH_OK;
 * or it returns host->fail(). Texts are UTF-8.
 *  6. What the host hands in is valid until the function returns, unless something else is said. What a
 * plugin hands out by a descriptor or an extension has to stay as it is.
 *  7. A plugin writes nothing to standard output; what it writes to standard error is shown as a warning.
 */
#ifndef BIBSMITH_BIBSMITH_PLUGIN_H
#define BIBSMITH_BIBSMITH_PLUGIN_H

#include "bibsmith/bibsmith.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BIBSMITH_PLUGIN_ABI 1u

/* What a plugin may use. Given to create(), and valid as long as the plugin. */
typedef struct bibsmith_plugin_host {
  uint32_t size;
  uint32_t abi; /* BIBSMITH_PLUGIN_ABI of the host */
  void* data;   /* the host's own */
  const char* version;
  /* The user's settings for this plugin, [plugin.NAME] of config.toml, as a JSON object. */
  const char* config;
  /* The result of the function that runs; a later one replaces it. */
  bibsmith_status (*answer)(const struct bibsmith_plugin_host* host, const char* data, size_t size);
  /* Why there is none, in one line that ends with NUL. Returns `status`. */
  bibsmith_status (*fail)(const struct bibsmith_plugin_host* host, bibsmith_status status,
                          const char* message);
  /* A line for the user, which ends with NUL. */
  void (*log)(const struct bibsmith_plugin_host* host, const char* line);
  /* Not 0: the user does not wait any more; come back soon. */
  int32_t (*cancelled)(const struct bibsmith_plugin_host* host);
  /* GET over the host's connection: from the cache, where it is fresh; else at a pace that all programs of
   * this machine share, with retries; https, and http to this machine alone. *body is valid until the next
   * call. BIBSMITH_OK is an answer of any HTTP status. BIBSMITH_OFFLINE, _NETWORK, _RATE_LIMITED and
   * _CANCELLED: there is none, and fail() was called with the reason. */
  bibsmith_status (*http_get)(const struct bibsmith_plugin_host* host, const char* url, const char* accept,
                              int32_t* http_status, const char** body, size_t* body_size);
  /* For what hosts will offer later, by name and revision; NULL: not this one. */
  const void* (*extension)(const struct bibsmith_plugin_host* host, const char* id);
} bibsmith_plugin_host;

typedef struct bibsmith_plugin_descriptor {
  uint32_t size;
  const char* name; /* for people; settings call it by the name of its file */
  const char* version;
  const char* description; /* one line */
  const char* url;         /* may be NULL, as may the next */
  const char* license;
  uint32_t interval_ms; /* between two requests to its server; 0: a second, which is the least */
} bibsmith_plugin_descriptor;

typedef struct bibsmith_plugin {
  uint32_t size;
  void* data; /* the plugin's own */
  void (*destroy)(const struct bibsmith_plugin* plugin);
  /* One of the structures below, or NULL: it has none of that name. */
  const void* (*extension)(const struct bibsmith_plugin* plugin, const char* id);
} bibsmith_plugin;

/* The exported symbol. */
typedef struct bibsmith_plugin_entry {
  uint32_t size;
  uint32_t abi; /* BIBSMITH_PLUGIN_ABI */
  const bibsmith_plugin_descriptor* descriptor;
  bibsmith_status (*create)(const bibsmith_plugin_host* host, const bibsmith_plugin** out);
} bibsmith_plugin_entry;

#ifdef __cplusplus
#define BIBSMITH_PLUGIN_EXPORT extern "C" BIBSMITH_API const bibsmith_plugin_entry bibsmith_plugin_entry_1
#else
#define BIBSMITH_PLUGIN_EXPORT BIBSMITH_API extern const bibsmith_plugin_entry bibsmith_plugin_entry_1
#endif

/* A source: "demo:42" becomes an entry. */
#define BIBSMITH_FETCHER "bibsmith.fetcher/1"
typedef struct bibsmith_fetcher {
  uint32_t size;
  uint32_t ids_max;           /* in one call; 0: one */
  const char* const* schemes; /* "demo" takes ids that begin with "demo:"; ends with NULL */
  /* Ids with their schemes, as people typed them. Answers with an array that has, for each id of which
   * something is known, {"id": …, "item": …} with a CSL item or {"id": …, "error": "why it could not be
   * asked"}. An id that is left out does not exist. */
  bibsmith_status (*fetch)(const bibsmith_plugin* plugin, const char* const* ids, size_t count);
} bibsmith_fetcher;

/* A format to write: --format NAME. */
#define BIBSMITH_EXPORTER "bibsmith.exporter/1"
typedef struct bibsmith_exporter {
  uint32_t size;
  const char* format;         /* letters, digits and '-' */
  const char* file_extension; /* "cff" */
  const char* media_type;     /* "text/plain" */
  /* CSL items to a text. */
  bibsmith_status (*write)(const bibsmith_plugin* plugin, const char* items, size_t size);
} bibsmith_exporter;

/* A format to read: --from NAME. Answers with an array of CSL items. */
#define BIBSMITH_IMPORTER "bibsmith.importer/1"
typedef struct bibsmith_importer {
  uint32_t size;
  const char* format;
  const char* file_extension;
  bibsmith_status (*read)(const bibsmith_plugin* plugin, const char* text, size_t size);
} bibsmith_importer;

/* Citation keys: bibsmith/key.generate with "keygen". Answers with an array of as many texts; an empty one
 * keeps the key. */
#define BIBSMITH_KEYGEN "bibsmith.keygen/1"
typedef struct bibsmith_keygen {
  uint32_t size;
  bibsmith_status (*keys)(const bibsmith_plugin* plugin, const char* items, size_t size);
} bibsmith_keygen;

/* Rules of a house or a journal, for new entries. Answers with an array of as many items: what differs from
 * those that were handed in is changed in the entry. */
#define BIBSMITH_NORMALIZER "bibsmith.normalizer/1"
typedef struct bibsmith_normalizer {
  uint32_t size;
  int32_t order; /* of several, the lowest first */
  bibsmith_status (*apply)(const bibsmith_plugin* plugin, const char* items, size_t size);
} bibsmith_normalizer;

/* Preprints to the DOIs of what was published. Answers with an array of as many texts or nulls. */
#define BIBSMITH_RESOLVER "bibsmith.resolver/1"
typedef struct bibsmith_resolver {
  uint32_t size;
  bibsmith_status (*resolve)(const bibsmith_plugin* plugin, const char* items, size_t size);
} bibsmith_resolver;

#ifdef __cplusplus
}
#endif

#endif /* BIBSMITH_BIBSMITH_PLUGIN_H */
