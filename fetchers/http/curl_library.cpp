#include "fetchers/http/curl_library.hpp"

#include "fetchers/record/late_library.hpp"

namespace bibsmith::fetchers {

namespace {

#if BIBSMITH_LOAD_LATE
#define BIBSMITH_FIND(name) library.find("curl_" #name, found.name)
#else
#define BIBSMITH_FIND(name) found.name = &::curl_##name
#endif

CurlLibrary load() {
  CurlLibrary found;
#if BIBSMITH_LOAD_LATE
  // The same interface, built with OpenSSL or with GnuTLS (Debian: libcurl4, libcurl3-gnutls).
  LateLibrary library("libcurl.so.4", "libcurl-gnutls.so.4");
#endif
  BIBSMITH_FIND(global_init);
  BIBSMITH_FIND(easy_init);
  BIBSMITH_FIND(easy_cleanup);
  BIBSMITH_FIND(easy_reset);
  BIBSMITH_FIND(easy_setopt);
  BIBSMITH_FIND(easy_perform);
  BIBSMITH_FIND(easy_getinfo);
  BIBSMITH_FIND(easy_strerror);
  BIBSMITH_FIND(slist_append);
  BIBSMITH_FIND(slist_free_all);
  BIBSMITH_FIND(url);
  BIBSMITH_FIND(url_cleanup);
  BIBSMITH_FIND(url_set);
  BIBSMITH_FIND(url_get);
  BIBSMITH_FIND(free);
#if BIBSMITH_LOAD_LATE
  found.error = library.error();
#endif
  if (found.error.empty() && found.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    found.error = "libcurl does not start";
  return found;
}

}  // namespace

const CurlLibrary& curl() {
  static const CurlLibrary library = load();
  return library;
}

}  // namespace bibsmith::fetchers
