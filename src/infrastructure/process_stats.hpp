#pragma once

namespace rag {

struct ProcessStats {
    double cpu_seconds = 0;
    double resident_bytes = 0;
    double virtual_bytes = 0;
    double open_fds = 0;
    double max_fds = 0;
    double start_time = 0;  // Seconds since 1970.
};

/// What /proc tells of this process; what cannot be read stays 0.
ProcessStats read_process_stats();

}  // namespace rag
