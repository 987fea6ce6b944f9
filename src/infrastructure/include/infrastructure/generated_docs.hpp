#pragma once

#include <string>

/// Files that are made from the tables of keys and metrics. The program `generate_docs` writes
/// them, a test compares them.
namespace rag {

std::string configuration_markdown();  // docs/configuration.md
std::string env_example();             // .env.example
std::string config_schema_json();      // scripts/config_schema.json
std::string metrics_markdown();        // docs/metrics.md

}  // namespace rag
