#pragma once

#include <string_view>

#include "application/ports/telemetry.hpp"
#include "domain/error.hpp"

namespace rag {

/// A word for the `error` field of a log line.
std::string_view name_of(ErrorCode code);

/// Whether the server, not the caller, is to blame, so that an operator should see it.
bool is_server_failure(ErrorCode code);

}  // namespace rag
