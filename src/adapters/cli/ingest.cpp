#include <algorithm>
#include <deque>
#include <future>
#include <optional>

#include "commands.hpp"
#include "conversation_source.hpp"
#include "encoding/random_id.hpp"
#include "progress.hpp"
#include "rest.hpp"

namespace rag::cli {
namespace {

constexpr std::size_t kBatchLinesMax = 64;
constexpr std::size_t kBatchBytesMax = std::size_t{4} << 20;
/// The next batch is on its way while one is worked on, so that the model never waits for us.
constexpr std::size_t kBatchesInFlight = 2;
/// Batches grow and shrink towards this, so that progress shows and few calls are made.
constexpr auto kBatchTime = std::chrono::seconds(2);
constexpr std::size_t kFailuresShownMax = 100;

struct Totals {
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
    std::int64_t chunks = 0;
    std::int64_t duplicates = 0;
    std::int64_t failed = 0;
};

struct Batch {
    std::vector<std::string> places;
    std::string lines;
    std::uint64_t bytes_read = 0;  // Of all files, when it was made.
};

struct Answer {
    Result<wire::Response> response;
    std::chrono::steady_clock::duration time;
};

class Ingest {
public:
    Ingest(const Session& session, const IngestArguments& arguments)
        : session_(session), source_(arguments.files) {
        progress_.emplace(
            session.terminal.err, session.terminal.shows_progress, "messages", source_.bytes_total()
        );
    }

    int run() {
        bool more = true;
        while (exit_code_ == kDone && (more || !in_flight_.empty())) {
            if (more && in_flight_.size() < kBatchesInFlight) {
                more = send_next();
            } else {
                take_answer();
            }
        }
        // What is under way is awaited, so that the totals tell the truth.
        while (!in_flight_.empty()) take_answer();
        progress_.reset();  // What is told from now on starts on a clean line.
        return exit_code_ == kDone && totals_.failed > 0 ? kFailed : exit_code_;
    }

    const Totals& totals() const { return totals_; }

    /// After `run`.
    void tell_failures() const {
        std::ostream& err = session_.terminal.err;
        for (const std::string& failure : failures_) err << failure << "\n";
        const auto shown = static_cast<std::int64_t>(failures_.size());
        if (totals_.failed > shown) err << "... and " << totals_.failed - shown << " more\n";
    }

private:
    struct Flight {
        Batch batch;
        std::future<Answer> answer;
    };

    /// False: there is nothing more to send.
    bool send_next() {
        Batch batch;
        bool more = true;
        while (batch.places.size() < batch_lines_ && batch.lines.size() < kBatchBytesMax) {
            if (!held_) {
                Result<std::optional<SourceItem>> item = source_.next();
                if (!item) {
                    exit_code_ = tell(item.error(), session_.terminal.err);
                    more = false;
                    break;
                }
                held_ = std::move(*item);
            }
            if (!held_) {
                more = false;
                break;
            }
            if (!held_->problem.empty()) {
                add_failure(held_->place, held_->problem);
                held_.reset();
                continue;
            }
            // A long line goes alone.
            const bool fits = batch.lines.size() + held_->json.size() < kBatchBytesMax;
            if (!batch.places.empty() && !fits) break;
            batch.places.push_back(std::move(held_->place));
            batch.lines += held_->json + "\n";
            held_.reset();
        }
        batch.bytes_read = source_.bytes_read();
        if (!batch.places.empty()) start(std::move(batch));
        return more;
    }

    void start(Batch batch) {
        wire::Request request =
            post_request("/ingest/batch", "application/x-ndjson", std::move(batch.lines));
        request.headers.push_back({std::string(wire::kForwardKeyHeader), encoding::random_id()});
        auto call = [&api = session_.api, request = std::move(request)]() mutable {
            const auto start = std::chrono::steady_clock::now();
            Result<wire::Response> response = api.call(std::move(request));
            return Answer{std::move(response), std::chrono::steady_clock::now() - start};
        };
        std::future<Answer> answer = std::async(std::launch::async, std::move(call));
        in_flight_.push_back({std::move(batch), std::move(answer)});
    }

    void take_answer() {
        Flight flight = std::move(in_flight_.front());
        in_flight_.pop_front();
        Answer answer = flight.answer.get();
        read_answer(flight.batch, answer.response);
        progress_->update(flight.batch.bytes_read, static_cast<std::uint64_t>(messages_seen_));
        if (answer.time < kBatchTime / 2) batch_lines_ = std::min(batch_lines_ * 2, kBatchLinesMax);
        if (answer.time > kBatchTime * 2) batch_lines_ = std::max<std::size_t>(batch_lines_ / 2, 1);
    }

    void read_answer(const Batch& batch, const Result<wire::Response>& response) {
        if (!response) {
            exit_code_ = tell(response.error(), session_.terminal.err);
            return;
        }
        if (response->status != 200) {
            exit_code_ = tell(*response, session_.terminal.err);
            return;
        }
        std::size_t answered = 0;
        for (std::string_view rest = response->body; !rest.empty();) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            if (end > 0 && answered < batch.places.size()) {
                read_line(batch.places[answered++], rest.substr(0, end));
            }
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        for (; answered < batch.places.size(); ++answered) {
            add_failure(batch.places[answered], "no answer came; ingest the file again");
        }
    }

    void read_line(const std::string& place, std::string_view text) {
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
        ++totals_.conversations;
        totals_.messages += messages;
        totals_.chunks += integer_of(*line, "chunks");
    }

    void add_failure(const std::string& place, const std::string& why) {
        ++totals_.failed;
        if (failures_.size() < kFailuresShownMax) failures_.push_back(place + ": " + why);
    }

    const Session& session_;
    ConversationSource source_;
    std::optional<Progress> progress_;
    std::optional<SourceItem> held_;  // Read, but not sent yet.
    std::size_t batch_lines_ = 4;
    std::deque<Flight> in_flight_;
    std::vector<std::string> failures_;
    Totals totals_;
    std::int64_t messages_seen_ = 0;  // Those of duplicates too.
    int exit_code_ = kDone;
};

void print(const Totals& totals, bool json, std::ostream& out) {
    if (json) {
        encoding::JsonWriter writer;
        writer.begin_object();
        writer.member("conversations", totals.conversations);
        writer.member("messages", totals.messages);
        writer.member("chunks", totals.chunks);
        writer.member("duplicates", totals.duplicates);
        writer.member("failed", totals.failed);
        writer.end_object();
        out << writer.text() << "\n";
        return;
    }
    out << "stored " << totals.conversations << " conversations (" << totals.messages
        << " messages, " << totals.chunks << " chunks); " << totals.duplicates
        << " were there already, " << totals.failed << " failed\n";
}

}  // namespace

int ingest(const Session& session, const IngestArguments& arguments) {
    Ingest work(session, arguments);
    const int exit_code = work.run();
    work.tell_failures();
    print(work.totals(), session.json, session.terminal.out);
    return exit_code;
}

}  // namespace rag::cli
