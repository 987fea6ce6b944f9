#pragma once

#include <string_view>

#include "application/ports/telemetry.hpp"
#include "domain/error.hpp"

namespace rag {

/// Whether the server, not the caller, is to blame, so that an operator should see it.
bool is_server_failure(ErrorCode code);

}  // namespace rag
