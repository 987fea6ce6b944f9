# Each module is a static library with an include root of its own, so an include against the
# direction of dependency does not compile.
#
#   rag_module(NAME SOURCES a.cpp b.cpp PUBLIC targets... PRIVATE targets...)
#   rag_test(NAME LABEL unit SOURCES a_test.cpp LINK targets...)
function(rag_module name)
    cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(rag_${name} STATIC ${ARG_SOURCES})
    add_library(rag::${name} ALIAS rag_${name})
    target_include_directories(rag_${name} PUBLIC include PRIVATE .)
    target_link_libraries(rag_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} rag_warnings)
endfunction()

# A test program; ctest runs it as one test named LABEL.NAME, with the label of its folder. The
# target `tests_LABEL` builds all of a label.
function(rag_test name)
    cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;LINK" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_executable(${ARG_LABEL}_${name} ${ARG_SOURCES})
    target_link_libraries(${ARG_LABEL}_${name} PRIVATE ${ARG_LINK} rag_warnings GTest::gmock GTest::gtest_main)
    # What is tested is optimised; the tests themselves would only take longer to compile.
    target_compile_options(${ARG_LABEL}_${name} PRIVATE $<$<CONFIG:Release>:-O0>)
    if(NOT TARGET tests_${ARG_LABEL})
        add_custom_target(tests_${ARG_LABEL})
    endif()
    add_dependencies(tests_${ARG_LABEL} ${ARG_LABEL}_${name})
    add_test(NAME ${ARG_LABEL}.${name} COMMAND ${ARG_LABEL}_${name})
    set_tests_properties(${ARG_LABEL}.${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()
