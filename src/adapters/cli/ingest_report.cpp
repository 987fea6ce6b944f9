#include "ingest_report.hpp"

#include <algorithm>
#include <ostream>

#include "rest.hpp"

namespace rag::cli {
namespace {

/// Lines that failed and are told one by one.
constexpr std::size_t kFailuresMax = 10'000;
constexpr std::size_t kFailuresShownMax = 100;  // To people.
/// Notes that are told one by one; of the others how many there are.
constexpr std::size_t kNotesMax = 20;
constexpr std::size_t kNotesShownMax = 3;  // To people.

}  // namespace

void IngestReport::count(const std::string& place, std::string_view answer) {
    const Result<encoding::Value> line = read_json(answer);
    if (!line) return add_failure(place, "the answer cannot be read");
    const encoding::Value* error = line->find("error");
    if (error != nullptr && !error->is_null()) return add_failure(place, problem_text(*error));
    take_notes(place, *line);
    const std::int64_t messages = integer_of(*line, "messages");
    messages_seen_ += messages;
    if (flag_of(*line, "duplicate")) {
        ++duplicates_;
        return;
    }
    if (flag_of(*line, "extended")) {
        ++extended_;
        messages_ += integer_of(*line, "messages_added");
        chunks_ += integer_of(*line, "chunks_created");
        return;
    }
    ++conversations_;
    messages_ += messages;
    chunks_ += integer_of(*line, "chunks");
}

void IngestReport::add_failure(const std::string& place, const std::string& why) {
    ++failed_;
    if (failures_.size() < kFailuresMax) failures_.push_back({place, why});
}

void IngestReport::take_notes(const std::string& place, const encoding::Value& line) {
    notes_total_ += integer_of(line, "notes_total");
    const encoding::Value* notes = line.find("notes");
    if (notes == nullptr || notes->array() == nullptr) return;
    for (const encoding::Value& note : *notes->array()) {
        if (notes_.size() == kNotesMax) return;
        notes_.push_back({place, text_of(note, "pointer"), text_of(note, "note")});
    }
}

void IngestReport::tell_failures(std::ostream& err) const {
    const std::size_t shown = std::min(failures_.size(), kFailuresShownMax);
    for (std::size_t i = 0; i < shown; ++i) {
        err << failures_[i].place << ": " << failures_[i].message << "\n";
    }
    const std::int64_t more = failed_ - static_cast<std::int64_t>(shown);
    if (more > 0) err << "... and " << more << " more\n";
}

void IngestReport::tell_notes(std::ostream& err) const {
    if (notes_total_ == 0) return;
    err << "understood in another way than written: " << notes_total_
        << (notes_total_ == 1 ? " place" : " places") << ", such as\n";
    const std::size_t shown = std::min(notes_.size(), kNotesShownMax);
    for (std::size_t i = 0; i < shown; ++i) {
        const NotedPlace& one = notes_[i];
        err << "  " << one.place << " " << one.pointer << ": " << one.note << "\n";
    }
}

void IngestReport::print(std::ostream& out) const {
    out << "stored " << conversations_ << " conversations (" << messages_ << " messages, "
        << chunks_ << " chunks); ";
    if (extended_ > 0) out << extended_ << " known ones grew, ";
    out << duplicates_ << " were there already, " << failed_ << " failed\n";
}

std::string IngestReport::json() const {
    encoding::JsonWriter writer;
    writer.begin_object();
    writer.member("conversations", conversations_);
    writer.member("messages", messages_);
    writer.member("chunks", chunks_);
    writer.member("duplicates", duplicates_);
    writer.member("failed", failed_);
    if (extended_ > 0) writer.member("extended", extended_);
    if (!failures_.empty()) {
        writer.key("failures").begin_array();
        for (const Failure& failure : failures_) {
            writer.begin_object();
            writer.member("place", std::string_view(failure.place));
            writer.member("message", std::string_view(failure.message));
            writer.end_object();
        }
        writer.end_array();
    }
    if (notes_total_ > 0) {
        writer.key("notes").begin_array();
        for (const NotedPlace& one : notes_) {
            writer.begin_object();
            writer.member("place", std::string_view(one.place));
            writer.member("pointer", std::string_view(one.pointer));
            writer.member("note", std::string_view(one.note));
            writer.end_object();
        }
        writer.end_array();
        writer.member("notes_total", notes_total_);
    }
    writer.end_object();
    return writer.take();
}

}  // namespace rag::cli
