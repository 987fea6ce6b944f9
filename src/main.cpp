#include <iostream>

#include "composition/commands.hpp"
#include "infrastructure/process.hpp"

int main(int argc, char** argv) {
    rag::hold_signals();
    std::ios::sync_with_stdio(false);
    const int code = rag::cli::run(
        argc, argv, rag::composition::make_program(), rag::composition::make_terminal()
    );
    std::cout.flush();
    return code;
}
