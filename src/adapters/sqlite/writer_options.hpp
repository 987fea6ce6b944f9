#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "connection.hpp"
#include "domain/text_ports.hpp"
#include "write_queue.hpp"

namespace rag::sqlite {

struct WriterOptions {
    ConnectionOptions connection;
    const TermAnalyzer* analyzer = nullptr;  // As in SqliteOptions.
    std::size_t scan_threads = 1;
    WriteQueueLimits queue;
    Deadlines* deadlines = nullptr;  // Of the writes that wait; never null.
    std::function<Timestamp()> clock;
    std::function<void(const std::string&)> shows_work;  // As in SqliteOptions.
    std::int64_t changes_kept = 100'000;     // Rows of `changes`, the newest, of each tenant.
    bool acknowledge_before_commit = false;  // Only as the control run of fault tests.

    std::uint32_t analyzer_version() const { return analyzer == nullptr ? 0 : analyzer->version(); }
};

}  // namespace rag::sqlite
