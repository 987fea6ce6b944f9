#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "encoding/json.hpp"

namespace rag::cli {

/// What became of the lines of an ingest: the sums, the lines that failed, and what was understood
/// in another way than it was written.
class IngestReport {
public:
    /// Adds the answer to a line; `place`: where the line stands.
    void count(const std::string& place, std::string_view answer);
    void add_failure(const std::string& place, const std::string& why);

    std::int64_t failed() const { return failed_; }
    std::int64_t messages_seen() const { return messages_seen_; }  // Those of duplicates too.

    void tell_failures(std::ostream& err) const;
    void tell_notes(std::ostream& err) const;
    void print(std::ostream& out) const;
    /// The sums, and an entry for each line that failed and each note, where there are any.
    std::string json() const;

private:
    struct Failure {
        std::string place;
        std::string message;
    };
    struct NotedPlace {
        std::string place;
        std::string pointer;
        std::string note;
    };

    void take_notes(const std::string& place, const encoding::Value& line);

    std::int64_t conversations_ = 0;
    std::int64_t messages_ = 0;
    std::int64_t chunks_ = 0;
    std::int64_t duplicates_ = 0;
    std::int64_t extended_ = 0;  // Known ones that grew; of them, what is new counts.
    std::int64_t failed_ = 0;
    std::int64_t messages_seen_ = 0;
    std::vector<Failure> failures_;
    std::vector<NotedPlace> notes_;
    std::int64_t notes_total_ = 0;
};

}  // namespace rag::cli
