#pragma once

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>

namespace rag::cli {

/// A line on stderr that tells how far long work is; nothing where stderr is no terminal.
class Progress {
public:
    /// `unit`: what is counted ("messages"). `total`: of `done` below.
    Progress(std::ostream& err, bool shown, std::string unit, std::uint64_t total);
    ~Progress();  // Clears the line.
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `done` of the total (bytes, questions), in which `count` units were found.
    void update(std::uint64_t done, std::uint64_t count);

private:
    std::ostream& err_;
    const bool shown_;
    const std::string unit_;
    const std::uint64_t total_;
    const std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point last_;
};

/// "[#####-----] 50 %  1,200 messages  150 messages/s  8 s left"
std::string progress_line(
    std::uint64_t done,
    std::uint64_t total,
    std::uint64_t count,
    const std::string& unit,
    double seconds
);

}  // namespace rag::cli
