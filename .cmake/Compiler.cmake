# Language level, warnings and sanitizers for every target of the project.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(BIBSMITH_CCACHE ccache)
if(BIBSMITH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${BIBSMITH_CCACHE}")
endif()

# Warnings are the developer's business; whoever only builds the tool is not stopped by a new compiler.
add_library(bibsmith_options INTERFACE)
target_include_directories(bibsmith_options INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
target_compile_definitions(bibsmith_options INTERFACE BIBSMITH_VERSION="${PROJECT_VERSION}")
if(BIBSMITH_DEVELOPER_MODE)
  target_compile_options(bibsmith_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wcast-qual -Wnon-virtual-dtor -Woverloaded-virtual -Werror
    # designated initialisers name the members that matter; the rest keep their defaults
    -Wno-missing-field-initializers
    # g++ 12 sees moves of std::string leave their bounds where its header is precompiled; the sanitizers look too
    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overread;-Wno-stringop-overflow>)
endif()

if(BIBSMITH_SANITIZE)
  add_compile_options(-fsanitize=${BIBSMITH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BIBSMITH_SANITIZE})
endif()
