#pragma once

#include "domain/time.hpp"

namespace rag {

/// The system's time. Where time matters, a `WallClock` is handed in, so that a test can set it.
Timestamp system_time();

}  // namespace rag
