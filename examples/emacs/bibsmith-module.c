/* Bibsmith in Emacs: cc -shared -fPIC bibsmith-module.c -o bibsmith-module.so $(pkg-config --cflags --libs bibsmith)
 * then (module-load "bibsmith-module.so") and (bibsmith-call "bibsmith/entry.get" "{\"ids\":[\"1706.03762\"]}"). */
#include <bibsmith/bibsmith.h>
#include <emacs-module.h>
#include <stdlib.h>
#include <string.h>

int plugin_is_GPL_compatible;

static bibsmith_context *context;

/* A Lisp string as a C one, to be freed; NULL: Emacs signals an error by itself. */
static char *text_of(emacs_env *env, emacs_value value, ptrdiff_t *size) {
  char *text = NULL;
  if (!env->copy_string_contents(env, value, NULL, size)) return NULL;
  text = malloc((size_t)*size);
  if (text != NULL) env->copy_string_contents(env, value, text, size);
  return text;
}

/* C-g stops the call. */
static int32_t progress(void *user, uint64_t done, uint64_t total) {
  emacs_env *env = user;
  (void)done;
  (void)total;
  return env->should_quit(env);
}

static emacs_value call(emacs_env *env, ptrdiff_t count, emacs_value *arguments, void *data) {
  ptrdiff_t method_size = 0, parameters_size = 0;
  char *method = text_of(env, arguments[0], &method_size);
  char *parameters = method == NULL ? NULL : text_of(env, arguments[1], &parameters_size);
  emacs_value result = env->intern(env, "nil");
  bibsmith_text text = {NULL, 0};
  (void)count;
  (void)data;
  if (parameters != NULL) {
    bibsmith_status status =
        bibsmith_call(context, method, parameters, (size_t)parameters_size - 1, progress, env, &text);
    if (status != BIBSMITH_OK) bibsmith_last_error(&text);
    emacs_value string = env->make_string(env, text.data, (ptrdiff_t)text.size);
    if (status == BIBSMITH_OK) {
      result = string;
    } else {
      env->non_local_exit_signal(env, env->intern(env, "error"),
                                 env->funcall(env, env->intern(env, "list"), 1, &string));
    }
    bibsmith_text_free(&text);
  }
  free(method);
  free(parameters);
  return result;
}

int emacs_module_init(struct emacs_runtime *runtime) {
  emacs_env *env = runtime->get_environment(runtime);
  if (runtime->size < (ptrdiff_t)sizeof *runtime || env->size < (ptrdiff_t)sizeof *env) return 1;
  if (bibsmith_open(BIBSMITH_ABI, NULL, &context) != BIBSMITH_OK) return 2;
  emacs_value arguments[] = {
      env->intern(env, "bibsmith-call"),
      env->make_function(env, 2, 2, call, "Call METHOD of Bibsmith with PARAMETERS, a JSON object; return JSON.", NULL)};
  env->funcall(env, env->intern(env, "defalias"), 2, arguments);
  return 0;
}
