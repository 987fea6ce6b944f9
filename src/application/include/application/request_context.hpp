#pragma once

#include <string>

#include "domain/time.hpp"

namespace rag {

/// What travels with every call of a use case.
struct RequestContext {
    Deadline deadline;
    std::string trace_id;  // 32 hex digits; stands in the log lines and in the problem body.
};

}  // namespace rag
