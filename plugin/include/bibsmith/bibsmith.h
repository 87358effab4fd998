/*
 * Bibsmith in process: citations and bibliographies for any language that can call C.
 *
 * Valid as C99 and as C++11. docs/c-abi.md has examples in C, Python, Lua, JavaScript, Emacs and C++.
 *
 * Conventions
 *
 *  1. Names begin with bibsmith_ or BIBSMITH_. Integers have fixed widths; there is no bool, enum, long or
 *     time_t in a signature, and no structure is passed or returned by value.
 *  2. Text is UTF-8 with a pointer and a length in bytes; it may hold NUL bytes. A NULL pointer with length 0
 *     is the empty text. Where a length is not given, the text ends with NUL and is a name or a path.
 *  3. Text that the library hands out is a bibsmith_text. The caller owns it and frees it with
 *     bibsmith_text_free(). It ends with a NUL byte that is not counted. A function that fails leaves its
 *     bibsmith_text empty ({NULL, 0}).
 *  4. Functions return a bibsmith_status: BIBSMITH_OK is 0, failures are negative. bibsmith_last_error()
 *     tells the calling thread what its last failed call has to say.
 *  5. Handles are opaque. A bibsmith_context may be used by several threads at once; each call works on its
 *     own. A bibsmith_operation belongs to one thread at a time, but those of its functions that say so may
 *     be called from any. Its failure is told to the thread that asks for its result.
 *  6. Callbacks run on the thread that called the library, during that call, and never after it. An
 *     asynchronous operation has no callback: wait for its descriptor.
 *  7. Structures that the caller fills begin with their size. They only grow at their end, so that a program
 *     that was built against an older header goes on working: what it does not know is 0.
 *  8. The library writes nothing to standard output or standard error, installs no signal handler, does not
 *     change the locale or the working directory, and ends no process: a connection that breaks raises no
 *     SIGPIPE, threads of its own take no signal. No exception leaves it. After fork() the child may use
 *     no handle of its parent.
 *  9. A major number of the ABI that differs is refused by bibsmith_open(); any minor number is served, for
 *     structures say by their size what they hold. A flag that the library does not know is refused.
 */
#ifndef BIBSMITH_BIBSMITH_H
#define BIBSMITH_BIBSMITH_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define BIBSMITH_API __attribute__((visibility("default")))
#else
#define BIBSMITH_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define BIBSMITH_ABI_MAJOR 1
#define BIBSMITH_ABI_MINOR 0
#define BIBSMITH_ABI (BIBSMITH_ABI_MAJOR * 65536u + BIBSMITH_ABI_MINOR)

typedef int32_t bibsmith_status;

#define BIBSMITH_OK 0
#define BIBSMITH_INVALID (-1)      /* an argument, a parameter, or no such method */
#define BIBSMITH_NOT_FOUND (-2)    /* a source that knows said: there is no such paper */
#define BIBSMITH_NETWORK (-3)      /* a source could not be asked */
#define BIBSMITH_RATE_LIMITED (-4) /* a source asks for a pause; the error says how long */
#define BIBSMITH_PARSE (-5)        /* a text is not what it should be: no JSON */
#define BIBSMITH_FILE (-6)         /* a file cannot be read or written; it is as it was */
#define BIBSMITH_CONFLICT (-7)     /* another program holds or changed a file; it is as that left it */
#define BIBSMITH_CANCELLED (-8)    /* by the progress function or bibsmith_operation_cancel() */
#define BIBSMITH_ABI_MISMATCH (-9) /* the program was built for another major number */
#define BIBSMITH_NO_MEMORY (-10)
#define BIBSMITH_BUSY (-11)    /* the operation is not finished */
#define BIBSMITH_OFFLINE (-12) /* the network is needed and forbidden */
#define BIBSMITH_PLUGIN (-13)  /* a plugin failed */
#define BIBSMITH_BUG (-14)     /* of the library */

typedef struct bibsmith_context bibsmith_context;
typedef struct bibsmith_operation bibsmith_operation;

typedef struct bibsmith_text {
  char* data;
  size_t size; /* bytes, without the NUL at the end */
} bibsmith_text;

/* bibsmith_options.flags */
#define BIBSMITH_OPTION_OFFLINE 1u /* answer from the cache alone */

/* Set everything to 0, then `size` to sizeof(bibsmith_options). NULL: the user's own settings. */
typedef struct bibsmith_options {
  uint32_t size;
  uint32_t flags;
  const char* config_path; /* read this file, and not the user's config.toml */
  const char* cache_dir;
  const char* state_dir; /* of what all programs share: the rate limit, locks, the history */
} bibsmith_options;

/* What is done and what there is in all, in papers or entries. Not 0: cancel the call. It may call the
 * library with the same context. */
typedef int32_t (*bibsmith_progress)(void* user, uint64_t done, uint64_t total);

/* One line, which ends with NUL: a warning. */
typedef void (*bibsmith_log)(void* user, const char* line);

/* The ABI of the library that is loaded: major number << 16 | minor number. [any thread] */
BIBSMITH_API uint32_t bibsmith_abi_version(void);

/* "0.1.0". Static storage. [any thread] */
BIBSMITH_API const char* bibsmith_version(void);

/* The name of a status, "rate limited". Static storage; never NULL. [any thread] */
BIBSMITH_API const char* bibsmith_status_text(bibsmith_status status);

/* Reads the settings. Nothing else is opened before it is needed. `abi` is BIBSMITH_ABI. *out is set to NULL
 * on failure. Close it with bibsmith_close(). [any thread] */
BIBSMITH_API bibsmith_status bibsmith_open(uint32_t abi, const bibsmith_options* options,
                                           bibsmith_context** out);

/* Frees the context, when all its operations are freed. NULL does nothing. No other thread may use it any
 * more. */
BIBSMITH_API void bibsmith_close(bibsmith_context* context);

/* Where warnings go, for calls that begin after this one; NULL: nowhere. Calls of the asynchronous kind log
 * nothing. */
BIBSMITH_API void bibsmith_set_log(bibsmith_context* context, bibsmith_log log, void* user);

/* The last failure of the calling thread as a JSON object: "status", "message", and "retry_after_s" where a
 * source said so. BIBSMITH_NOT_FOUND: no call has failed. [any thread] */
BIBSMITH_API bibsmith_status bibsmith_last_error(bibsmith_text* out);

/* Frees the text and empties it. NULL and an empty text do nothing. [any thread] */
BIBSMITH_API void bibsmith_text_free(bibsmith_text* text);

/* Papers as a text: "bibtex", "biblatex", "csl-json", "ris" or "hayagriva"; NULL: as the settings say. `ids`
 * are `count` texts that end with NUL, in any form that people paste. All must be had: of the first that was
 * not, the status tells why. bibsmith_call("bibsmith/entry.get") tells of each. Blocks while sources are
 * asked; `progress` may be NULL. */
BIBSMITH_API bibsmith_status bibsmith_get(bibsmith_context* context, const char* const* ids, size_t count,
                                          const char* format, bibsmith_progress progress, void* user,
                                          bibsmith_text* out);

/* Calls a method of docs/json-rpc.md: `method` ends with NUL, `parameters` is a JSON object or empty. *result
 * is a JSON text. `progress` may be NULL. */
BIBSMITH_API bibsmith_status bibsmith_call(bibsmith_context* context, const char* method,
                                           const char* parameters, size_t parameters_size,
                                           bibsmith_progress progress, void* user, bibsmith_text* result);

/* The same on a thread of the library's own. *out is set to NULL on failure; free it with
 * bibsmith_operation_free(). */
BIBSMITH_API bibsmith_status bibsmith_submit(bibsmith_context* context, const char* method,
                                             const char* parameters, size_t parameters_size,
                                             bibsmith_operation** out);

/* A file descriptor that becomes readable when the operation has ended, for poll() and event loops. It
 * belongs to the operation: do not read from it, do not close it. -1: the operation is NULL. [any thread] */
BIBSMITH_API int32_t bibsmith_operation_descriptor(const bibsmith_operation* operation);

/* Waits until it has ended, for those who cannot poll(): BIBSMITH_OK then, BIBSMITH_BUSY after
 * `milliseconds`. Negative: without a limit. [any thread, while nobody frees it] */
BIBSMITH_API bibsmith_status bibsmith_operation_wait(const bibsmith_operation* operation,
                                                     int32_t milliseconds);

/* How far it is; either pointer may be NULL. BIBSMITH_BUSY while it runs, BIBSMITH_OK when it has ended in
 * any way. */
BIBSMITH_API bibsmith_status bibsmith_operation_state(const bibsmith_operation* operation, uint64_t* done,
                                                      uint64_t* total);

/* What bibsmith_call() would have returned; BIBSMITH_BUSY while it runs. May be asked for again. */
BIBSMITH_API bibsmith_status bibsmith_operation_result(const bibsmith_operation* operation,
                                                       bibsmith_text* result);

/* Asks it to stop; it ends soon, with BIBSMITH_CANCELLED or, if it was quicker, its result. [any thread] */
BIBSMITH_API void bibsmith_operation_cancel(bibsmith_operation* operation);

/* Cancels it, waits for its end and frees it. NULL does nothing. */
BIBSMITH_API void bibsmith_operation_free(bibsmith_operation* operation);

#ifdef __cplusplus
}
#endif

#endif /* BIBSMITH_BIBSMITH_H */
