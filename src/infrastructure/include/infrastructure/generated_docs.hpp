#pragma once

#include <string>

/// What is made from the tables of keys, metrics and request parameters. The program
/// `generate_docs` writes it, a test compares it.
namespace rag {

std::string configuration_markdown();  // docs/configuration.md
std::string env_example();             // .env.example
std::string config_schema_json();      // scripts/config_schema.json
std::string metrics_markdown();        // docs/metrics.md
std::string parameters_markdown();     // A part of docs/api.md.
std::string arguments_markdown();      // A part of docs/mcp.md.

}  // namespace rag
