#include "fetchers/cache/pq_library.hpp"

#include "fetchers/record/late_library.hpp"

namespace bibsmith::fetchers {

namespace {

#if BIBSMITH_LOAD_LATE
#define BIBSMITH_FIND(name) library.find(#name, found.name)
#else
#define BIBSMITH_FIND(name) found.name = &::name
#endif

PqLibrary load() {
  PqLibrary found;
#if BIBSMITH_LOAD_LATE
  LateLibrary library("libpq.so.5");
#endif
  BIBSMITH_FIND(PQclear);
  BIBSMITH_FIND(PQcmdTuples);
  BIBSMITH_FIND(PQconnectPoll);
  BIBSMITH_FIND(PQconnectStartParams);
  BIBSMITH_FIND(PQconninfoFree);
  BIBSMITH_FIND(PQconninfoParse);
  BIBSMITH_FIND(PQconsumeInput);
  BIBSMITH_FIND(PQenterPipelineMode);
  BIBSMITH_FIND(PQerrorMessage);
  BIBSMITH_FIND(PQexitPipelineMode);
  BIBSMITH_FIND(PQfformat);
  BIBSMITH_FIND(PQfinish);
  BIBSMITH_FIND(PQflush);
  BIBSMITH_FIND(PQfreemem);
  BIBSMITH_FIND(PQgetResult);
  BIBSMITH_FIND(PQgetisnull);
  BIBSMITH_FIND(PQgetlength);
  BIBSMITH_FIND(PQgetvalue);
  BIBSMITH_FIND(PQisBusy);
  BIBSMITH_FIND(PQnfields);
  BIBSMITH_FIND(PQnotifies);
  BIBSMITH_FIND(PQntuples);
  BIBSMITH_FIND(PQpipelineSync);
  BIBSMITH_FIND(PQputCopyData);
  BIBSMITH_FIND(PQputCopyEnd);
  BIBSMITH_FIND(PQresultErrorField);
  BIBSMITH_FIND(PQresultStatus);
  BIBSMITH_FIND(PQsendPrepare);
  BIBSMITH_FIND(PQsendQuery);
  BIBSMITH_FIND(PQsendQueryPrepared);
  BIBSMITH_FIND(PQsetNoticeProcessor);
  BIBSMITH_FIND(PQsetnonblocking);
  BIBSMITH_FIND(PQsocket);
  BIBSMITH_FIND(PQstatus);
#if BIBSMITH_LOAD_LATE
  found.error = library.error();
#endif
  return found;
}

}  // namespace

const PqLibrary& pq() {
  static const PqLibrary library = load();
  return library;
}

}  // namespace bibsmith::fetchers
