# The three kinds of target that the folders declare.

# What nearly every source includes, read once for each kind of target. Sources include what they use all the same: the
# presets of releases and benchmarks go without.
set(BIBSMITH_PRECOMPILED_HEADERS
  <algorithm> <array> <charconv> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <mutex> <optional> <set>
  <span> <stop_token> <string> <string_view> <utility> <vector> <tl/expected.hpp>)

# bibsmith_precompiled(NAME [HEADERS <a> ...])
# A library of nothing but precompiled headers, for REUSE_FROM.
function(bibsmith_precompiled name)
  cmake_parse_arguments(arg "" "" "HEADERS" ${ARGN})
  add_library(${name} STATIC "${CMAKE_SOURCE_DIR}/.cmake/precompiled.cpp")
  target_link_libraries(${name} PRIVATE bibsmith_options tl::expected)
  target_precompile_headers(${name} PRIVATE ${BIBSMITH_PRECOMPILED_HEADERS} ${arg_HEADERS})
endfunction()

# bibsmith_joins(NAME ALONE b.cpp ...)
# With BIBSMITH_JOIN_SOURCES the sources of a target are compiled as one, but for those that stand alone: names in their
# unnamed namespaces are another source's too. By twenty, since a compiler takes some 1.2 GB for sixty.
function(bibsmith_joins name)
  cmake_parse_arguments(arg "" "" "ALONE" ${ARGN})
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${BIBSMITH_JOIN_SOURCES} UNITY_BUILD_BATCH_SIZE 20)
  set_source_files_properties(${arg_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# bibsmith_library(NAME SOURCES a.cpp ... [ALONE b.cpp ...] DEPENDS ... [LINK third-party ...])
# A static library of one folder. DEPENDS is public; LINK is private to the folder. ALONE: see bibsmith_joins().
function(bibsmith_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;ALONE;DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES} ${arg_ALONE})
  bibsmith_joins(${name} ALONE ${arg_ALONE})
  target_link_libraries(${name} PUBLIC bibsmith_options tl::expected ${arg_DEPENDS} PRIVATE ${arg_LINK})
  cmake_path(IS_PREFIX BIBSMITH_PLUGIN_DIR "${CMAKE_CURRENT_SOURCE_DIR}" in_plugin)
  if(in_plugin)
    target_compile_options(${name} PRIVATE ${BIBSMITH_PLUGIN_FLAGS})
    target_precompile_headers(${name} REUSE_FROM bibsmith_plugin_precompiled)
  else()
    target_precompile_headers(${name} REUSE_FROM bibsmith_precompiled)
  endif()
endfunction()

bibsmith_precompiled(bibsmith_precompiled)
set(BIBSMITH_PLUGIN_DIR "${CMAKE_SOURCE_DIR}/plugin")
bibsmith_precompiled(bibsmith_plugin_precompiled HEADERS <nlohmann/json.hpp>)
target_compile_options(bibsmith_plugin_precompiled PRIVATE ${BIBSMITH_PLUGIN_FLAGS})

# bibsmith_test(NAME SOURCES ... [ALONE ...] DEPENDS ... [LABELS ...])
# One Catch2 executable, one ctest test; it runs in the source folder's tests/ so that data is found.
function(bibsmith_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;ALONE;DEPENDS;LABELS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  add_executable(${name} ${arg_SOURCES} ${arg_ALONE})
  bibsmith_joins(${name} ALONE ${arg_ALONE})
  target_link_libraries(${name} PRIVATE bibsmith_options bibsmith_test_support ${arg_DEPENDS})
  target_compile_options(${name} PRIVATE ${BIBSMITH_TEST_FLAGS})
  target_precompile_headers(${name} REUSE_FROM bibsmith_test_main)
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)  # as the precompiled header
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}/tests")
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
  if("concurrent" IN_LIST arg_LABELS)
    add_dependencies(concurrent_tests ${name})
  endif()
endfunction()

# bibsmith_fuzzer(NAME SOURCE x.cpp DEPENDS ... CORPUS dir)
# With BIBSMITH_BUILD_FUZZERS a libFuzzer program; else the same target linked with a plain main
# that runs the kept corpus once, as a test, so that targets do not rot.
function(bibsmith_fuzzer name)
  cmake_parse_arguments(arg "" "SOURCE;CORPUS" "DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCE})
  target_link_libraries(${name} PRIVATE bibsmith_options ${arg_DEPENDS})
  add_dependencies(fuzzers ${name})
  if(BIBSMITH_BUILD_FUZZERS)
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME ${name} COMMAND ${name} -runs=0 "${arg_CORPUS}")
  else()
    target_sources(${name} PRIVATE "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus_main.cpp")
    add_test(NAME ${name} COMMAND ${name} "${arg_CORPUS}")
  endif()
  set_tests_properties(${name} PROPERTIES LABELS fuzz TIMEOUT 300)
endfunction()
