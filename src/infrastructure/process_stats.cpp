#include "process_stats.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace rag {
namespace {

double boot_time() {
    std::ifstream stat("/proc/stat");
    for (std::string line; std::getline(stat, line);) {
        if (line.starts_with("btime ")) return std::stod(line.substr(6));
    }
    return 0;
}

}  // namespace

ProcessStats read_process_stats() {
    ProcessStats stats;
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    // The second field is the program's name, which may hold spaces and parentheses.
    const std::size_t name_end = line.rfind(')');
    if (name_end == std::string::npos) return stats;
    std::istringstream fields(line.substr(name_end + 1));
    std::string field;
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    for (int number = 3; fields >> field; ++number) {  // Numbers as in proc(5).
        if (number == 14 || number == 15) stats.cpu_seconds += std::stod(field) / ticks;
        if (number == 22) {
            static const double boot = boot_time();
            stats.start_time = boot + std::stod(field) / ticks;
        }
        if (number == 23) stats.virtual_bytes = std::stod(field);
        if (number == 24) {
            stats.resident_bytes = std::stod(field) * static_cast<double>(sysconf(_SC_PAGESIZE));
        }
    }
    std::error_code failed;
    for (auto entry = std::filesystem::directory_iterator("/proc/self/fd", failed);
         !failed && entry != std::filesystem::directory_iterator();
         entry.increment(failed)) {
        stats.open_fds += 1;
    }
    if (stats.open_fds > 0) stats.open_fds -= 1;  // The one that reads the folder.
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        stats.max_fds = static_cast<double>(limit.rlim_cur);
    }
    return stats;
}

}  // namespace rag
