#include <algorithm>
#include <deque>
#include <optional>

#include "commands.hpp"
#include "conversation_source.hpp"
#include "encoding/random_id.hpp"
#include "progress.hpp"
#include "rest.hpp"

namespace rag::cli {
namespace {

/// Lines whose answer has not come, which are kept to be sent again if the owner goes away. A line
/// that is longer is alone.
constexpr std::size_t kUnansweredBytesMax = std::size_t{4} << 20;
constexpr std::size_t kUnansweredLinesMax = 1'024;
/// Lines go out in pieces, so that little is paid for each; but none waits for many others.
constexpr std::size_t kPieceBytes = 64u << 10;
constexpr std::size_t kPieceLines = 32;
/// Streams that break off one after the other without a single answer: something is wrong.
constexpr int kFruitlessMax = 10;

/// Lines that failed and are told one by one.
constexpr std::size_t kFailuresMax = 10'000;
constexpr std::size_t kFailuresShownMax = 100;  // To people.

struct Failure {
    std::string place;
    std::string message;
};

struct Totals {
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
    std::int64_t chunks = 0;
    std::int64_t duplicates = 0;
    std::int64_t extended = 0;  // Known ones that grew; of them, what is new counts.
    std::int64_t failed = 0;
};

/// Sends all files as one stream of lines. Where it breaks off because another process becomes the
/// owner, the lines without an answer are sent again to that one, with their numbers: a line's key
/// is made of it, so none is stored twice.
class Ingest final : public StreamedCall {
public:
    Ingest(const Session& session, const IngestArguments& arguments)
        : session_(session),
          source_(arguments.files),
          target_("/ingest/batch" + query_string(arguments.options)) {
        progress_.emplace(
            session.terminal.err, session.terminal.shows_progress, "messages", source_.bytes_total()
        );
    }

    int run() {
        int fruitless = 0;
        do {
            const std::int64_t before = answered_;
            broke_off_ = false;
            const Result<wire::Response> response = session_.api.stream(request(), *this);
            if (answered_ > before) fruitless = 0;
            take_outcome(response, ++fruitless < kFruitlessMax);
        } while (broke_off_ && !stop());
        progress_.reset();  // What is told from now on starts on a clean line.
        const bool interrupted = exit_code_ == kDone && stopped_;
        if (interrupted) exit_code_ = tell_interruption();
        for (const Line& line : unanswered_) {
            if (exit_code_ != kDone) break;  // Told already, for all of them.
            add_failure(line.place, "no answer came; ingest the file again");
        }
        if (exit_code_ == kDone) exit_code_ = source_code_;
        return exit_code_ == kDone && totals_.failed > 0 ? kFailed : exit_code_;
    }

    const Totals& totals() const { return totals_; }

    /// After `run`.
    const std::vector<Failure>& failures() const { return failures_; }

    void tell_failures() const {
        std::ostream& err = session_.terminal.err;
        const std::size_t shown = std::min(failures_.size(), kFailuresShownMax);
        for (std::size_t i = 0; i < shown; ++i) {
            err << failures_[i].place << ": " << failures_[i].message << "\n";
        }
        const std::int64_t more = totals_.failed - static_cast<std::int64_t>(shown);
        if (more > 0) err << "... and " << more << " more\n";
    }

    Next next(std::string& buffer) override {
        const std::size_t before = buffer.size();
        std::size_t lines = 0;
        if (stop()) return Next::end;
        while (buffer.size() - before < kPieceBytes && lines < kPieceLines) {
            if (sent_ == unanswered_.size() && !read_line()) break;
            buffer += unanswered_[sent_++].json;
            buffer += '\n';
            ++lines;
        }
        if (buffer.size() > before) return Next::bytes;
        return is_full() ? Next::later : Next::end;
    }

    void take(std::string_view piece) override {
        while (!piece.empty()) {
            const std::size_t end = std::min(piece.find('\n'), piece.size());
            answer_ += piece.substr(0, end);
            const bool whole = end < piece.size();
            piece.remove_prefix(whole ? end + 1 : end);
            if (whole) take_answer(std::exchange(answer_, {}));
        }
        progress_->update(bytes_answered_, static_cast<std::uint64_t>(messages_seen_));
    }

private:
    struct Line {
        std::string place;
        std::string json;
        std::uint64_t bytes_read = 0;  // Of all files, with it.
    };

    wire::Request request() {
        sent_ = 0;
        answer_.clear();
        wire::Request request = post_request(target_, "application/x-ndjson", {});
        request.headers.push_back({std::string(wire::kForwardKeyHeader), key_});
        request.headers.push_back(
            {std::string(wire::kFirstLineHeader), std::to_string(answered_ + 1)}
        );
        return request;
    }

    void take_outcome(const Result<wire::Response>& response, bool may_go_on) {
        if (response && response->status == 200) return;
        if (response) {
            exit_code_ = tell(*response, session_.terminal.err);
            return;
        }
        const ErrorCode code = response.error().code;
        const bool gone = code == ErrorCode::unavailable || code == ErrorCode::timeout;
        broke_off_ = gone && may_go_on;
        if (!broke_off_) exit_code_ = tell(response.error(), session_.terminal.err);
    }

    /// Whether somebody wants it to end: what was sent is still answered, the rest stays unsent.
    bool stop() {
        if (!stopped_ && session_.interrupted && session_.interrupted()) {
            stopped_ = true;
            session_.terminal.err << "\nending after what was sent; Ctrl-C again ends at once\n";
        }
        return stopped_;
    }

    int tell_interruption() const {
        std::ostream& err = session_.terminal.err;
        err << "interrupted";
        if (!last_answered_.empty()) err << " after " << last_answered_;
        err << "; ingest the same files again for the rest: what is stored is not stored twice\n";
        return kFailed;
    }

    bool is_full() const { return held_.has_value() || unanswered_.size() >= kUnansweredLinesMax; }

    /// Reads the next line that can be sent; false: there is none, or no room for it yet.
    bool read_line() {
        while (!is_full() && source_code_ == kDone) {
            Result<std::optional<SourceItem>> item = source_.next();
            if (!item) source_code_ = tell(item.error(), session_.terminal.err);
            if (!item || !*item) return false;
            if ((*item)->problem.empty()) {
                held_ = std::move(*item);
                break;
            }
            add_failure((*item)->place, (*item)->problem);
        }
        if (!held_ || unanswered_.size() >= kUnansweredLinesMax) return false;
        const std::size_t bytes = unanswered_bytes_ + held_->json.size();
        if (!unanswered_.empty() && bytes > kUnansweredBytesMax) return false;
        unanswered_bytes_ = bytes;
        unanswered_.push_back(
            {std::move(held_->place), std::move(held_->json), source_.bytes_read()}
        );
        held_.reset();
        return true;
    }

    void take_answer(std::string_view text) {
        if (text.empty() || unanswered_.empty()) return;
        const Line line = std::move(unanswered_.front());
        unanswered_.pop_front();
        unanswered_bytes_ -= line.json.size();
        sent_ -= std::min<std::size_t>(sent_, 1);
        ++answered_;
        bytes_answered_ = line.bytes_read;
        last_answered_ = line.place;
        count(line.place, text);
    }

    void count(const std::string& place, std::string_view text) {
        const Result<encoding::Value> line = read_json(text);
        if (!line) return add_failure(place, "the answer cannot be read");
        const encoding::Value* error = line->find("error");
        if (error != nullptr && !error->is_null()) return add_failure(place, problem_text(*error));
        const std::int64_t messages = integer_of(*line, "messages");
        messages_seen_ += messages;
        if (flag_of(*line, "duplicate")) {
            ++totals_.duplicates;
            return;
        }
        if (flag_of(*line, "extended")) {
            ++totals_.extended;
            totals_.messages += integer_of(*line, "messages_added");
            return;
        }
        ++totals_.conversations;
        totals_.messages += messages;
        totals_.chunks += integer_of(*line, "chunks");
    }

    void add_failure(const std::string& place, const std::string& why) {
        ++totals_.failed;
        if (failures_.size() < kFailuresMax) failures_.push_back({place, why});
    }

    const Session& session_;
    ConversationSource source_;
    const std::string target_;
    std::optional<Progress> progress_;
    const std::string key_ = encoding::random_id();
    std::optional<SourceItem> held_;  // Read; there is no room for it yet.
    std::deque<Line> unanswered_;
    std::size_t unanswered_bytes_ = 0;
    std::size_t sent_ = 0;       // Of `unanswered_`, in this stream.
    std::int64_t answered_ = 0;  // Lines before `unanswered_`.
    std::string answer_;         // The begin of one.
    std::uint64_t bytes_answered_ = 0;
    std::vector<Failure> failures_;
    Totals totals_;
    std::int64_t messages_seen_ = 0;  // Those of duplicates too.
    bool broke_off_ = false;
    std::string last_answered_;  // Its place.
    bool stopped_ = false;
    int source_code_ = kDone;
    int exit_code_ = kDone;
};

/// The totals, and an entry for each line that failed where there are any.
std::string totals_json(const Totals& totals, const std::vector<Failure>& failures) {
    encoding::JsonWriter writer;
    writer.begin_object();
    writer.member("conversations", totals.conversations);
    writer.member("messages", totals.messages);
    writer.member("chunks", totals.chunks);
    writer.member("duplicates", totals.duplicates);
    writer.member("failed", totals.failed);
    if (totals.extended > 0) writer.member("extended", totals.extended);
    if (!failures.empty()) {
        writer.key("failures").begin_array();
        for (const Failure& failure : failures) {
            writer.begin_object();
            writer.member("place", std::string_view(failure.place));
            writer.member("message", std::string_view(failure.message));
            writer.end_object();
        }
        writer.end_array();
    }
    writer.end_object();
    return writer.take();
}

void print(const Totals& totals, std::ostream& out) {
    out << "stored " << totals.conversations << " conversations (" << totals.messages
        << " messages, " << totals.chunks << " chunks); ";
    if (totals.extended > 0) out << totals.extended << " known ones grew, ";
    out << totals.duplicates << " were there already, " << totals.failed << " failed\n";
}

}  // namespace

int ingest(const Session& session, const IngestArguments& arguments) {
    Ingest work(session, arguments);
    const int exit_code = work.run();
    work.tell_failures();
    std::ostream& out = session.terminal.out;
    if (session.json) {
        out << totals_json(work.totals(), work.failures()) << "\n";
    } else {
        print(work.totals(), out);
    }
    return exit_code;
}

}  // namespace rag::cli
