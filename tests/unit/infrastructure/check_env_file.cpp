#include <iostream>

#include "infrastructure/config.hpp"

/// check_env_file FILE: what the program finds in the file, alone, as JSON. For the comparison
/// with what scripts/validate_config.py finds where there is no program.
int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const auto values = rag::read_config({.flags = {}, .environment = {}, .env_file = argv[1]});
    std::cout << rag::problems_json(values ? std::vector<rag::ConfigProblem>() : values.error())
              << "\n";
    return values ? 0 : 2;
}
