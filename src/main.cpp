#include <unistd.h>

#include <iostream>

#include "composition/commands.hpp"
#include "infrastructure/process.hpp"

int main(int argc, char** argv) {
    rag::hold_signals();
    std::ios::sync_with_stdio(false);
    const rag::cli::Terminal terminal{
        .out = std::cout,
        .err = std::cerr,
        .shows_progress = ::isatty(STDERR_FILENO) == 1,
    };
    const int code = rag::cli::run(argc, argv, rag::composition::make_program(), terminal);
    std::cout.flush();
    return code;
}
