#include <algorithm>
#include <deque>
#include <optional>

#include "commands.hpp"
#include "conversation_source.hpp"
#include "encoding/random_id.hpp"
#include "ingest_report.hpp"
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
            report_.add_failure(line.place, "no answer came; ingest the file again");
        }
        if (exit_code_ == kDone) exit_code_ = source_code_;
        return exit_code_ == kDone && report_.failed() > 0 ? kFailed : exit_code_;
    }

    /// After `run`.
    const IngestReport& report() const { return report_; }

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
        progress_->update(bytes_answered_, static_cast<std::uint64_t>(report_.messages_seen()));
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
            report_.add_failure((*item)->place, (*item)->problem);
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
        report_.count(line.place, text);
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
    IngestReport report_;
    bool broke_off_ = false;
    std::string last_answered_;  // Its place.
    bool stopped_ = false;
    int source_code_ = kDone;
    int exit_code_ = kDone;
};

}  // namespace

int ingest(const Session& session, const IngestArguments& arguments) {
    Ingest work(session, arguments);
    const int exit_code = work.run();
    const IngestReport& report = work.report();
    report.tell_failures(session.terminal.err);
    if (session.json) {
        session.terminal.out << report.json() << "\n";
    } else {
        report.tell_notes(session.terminal.err);
        report.print(session.terminal.out);
    }
    return exit_code;
}

}  // namespace rag::cli
