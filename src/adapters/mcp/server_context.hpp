#pragma once

#include "application/ports/work_pool.hpp"
#include "application/use_cases.hpp"
#include "methods.hpp"

namespace rag::mcp {

/// What every call works with; lives as long as the server.
struct ServerContext {
    UseCases& use_cases;
    WorkPool& work_pool;
    ServerInfo info;
};

}  // namespace rag::mcp
