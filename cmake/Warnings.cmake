add_library(rag_warnings INTERFACE)
target_compile_options(rag_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
# g++ 12 takes "text" + std::string for an overlapping copy when it optimises (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(rag_warnings INTERFACE -Wno-restrict)
endif()
if(RAG_WERROR)
    target_compile_options(rag_warnings INTERFACE -Werror)
endif()
