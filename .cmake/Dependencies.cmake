# Debian packages, found and never downloaded. Each library is used in the folders that
# .ci/check_layers allows it in.

find_package(CURL 7.85 REQUIRED)                         # libcurl4-openssl-dev
find_package(pugixml REQUIRED)                           # libpugixml-dev
find_package(SQLite3 3.35 REQUIRED)                      # libsqlite3-dev
find_package(tl-expected REQUIRED)                       # libexpected-dev
find_package(ICU 66 REQUIRED COMPONENTS uc i18n data)    # libicu-dev
find_package(nlohmann_json 3.11 REQUIRED)                # nlohmann-json3-dev
find_package(CLI11 2 REQUIRED)                           # libcli11-dev
find_package(fmt 9 REQUIRED)                             # libfmt-dev
find_package(Threads REQUIRED)
find_package(tomlplusplus 3 REQUIRED)                    # libtomlplusplus-dev
find_package(PkgConfig REQUIRED)                         # pkg-config
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)              # libpq-dev
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)          # libzstd-dev
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)        # libyaml-dev
# Its archive where there is one: a shared object more costs each start a millisecond. Without it the program
# works, with the allocator of the C library.
find_library(JEMALLOC_LIBRARY NAMES libjemalloc_pic.a jemalloc)  # libjemalloc-dev

if(BIBSMITH_BUILD_EMULATOR OR BIBSMITH_BUILD_TESTS)
  pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)  # libcpp-httplib-dev
endif()
if(BIBSMITH_BUILD_TESTS)
  find_package(Catch2 REQUIRED)  # catch2
endif()
if(BIBSMITH_BUILD_BENCHMARKS)
  find_package(benchmark REQUIRED)  # libbenchmark-dev
endif()
