#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <map>
#include <optional>

#include "commands.hpp"
#include "domain/limits.hpp"
#include "encoding/url.hpp"
#include "eval_scores.hpp"
#include "progress.hpp"
#include "rest.hpp"
#include "wire/fields.hpp"

namespace rag::cli {
namespace {

struct Question {
    std::string sample;
    std::string text;
    std::set<std::string> evidence;
};

Result<Question> parse_question(std::string_view line) {
    const Result<encoding::Value> value = read_json(line);
    if (!value) return tl::unexpected(value.error());
    Question question{text_of(*value, "sample"), text_of(*value, "question"), {}};
    const encoding::Value* evidence = value->find("evidence");
    if (evidence != nullptr && evidence->array() != nullptr) {
        for (const encoding::Value& id : *evidence->array()) {
            if (id.string() != nullptr) question.evidence.insert(*id.string());
        }
    }
    if (question.sample.empty() || question.text.empty() || question.evidence.empty()) {
        return fail(ErrorCode::not_found, "a question needs sample, question and evidence");
    }
    return question;
}

Result<std::vector<Question>> read_questions(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::error_code failed;
    if (!file || std::filesystem::is_directory(path, failed)) {
        return fail(ErrorCode::not_found, path + ": the file cannot be read");
    }
    std::vector<Question> questions;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        Result<Question> question = parse_question(line);
        if (!question) {
            return fail(
                ErrorCode::not_found,
                path + ":" + std::to_string(number) + ": " + question.error().message
            );
        }
        questions.push_back(std::move(*question));
    }
    if (questions.empty()) return fail(ErrorCode::not_found, path + ": there is no question in it");
    return questions;
}

class Eval {
public:
    Eval(const Session& session, const TokenCounter& counter)
        : session_(session), counter_(counter) {}

    /// The failure has been told; it is the exit code.
    tl::expected<void, int> run(const std::vector<Question>& questions) {
        Progress progress(
            session_.terminal.err, session_.terminal.shows_progress, "questions", questions.size()
        );
        std::size_t done = 0;
        for (const Question& question : questions) {
            for (const bool scoped : {true, false}) {
                tl::expected<std::vector<ScoredResult>, int> results = ask(question, scoped);
                if (!results) return tl::unexpected<int>(results.error());
                (scoped ? scoped_ : global_).add(*results, question.evidence.size());
            }
            ++done;
            progress.update(done, done);
        }
        return {};
    }

    void print() const {
        std::ostream& out = session_.terminal.out;
        if (session_.json) {
            encoding::JsonWriter writer;
            writer.begin_object();
            writer.member("questions", static_cast<std::int64_t>(scoped_.questions()));
            write(writer, "scoped", scoped_);
            write(writer, "global", global_);
            writer.end_object();
            out << writer.text() << "\n";
            return;
        }
        out << scoped_.questions() << " questions, percent\n       ";
        for (const char* name : EvalScores::kNames) out << std::setw(13) << name;
        out << std::fixed << std::setprecision(1);
        for (const EvalScores* scores : {&scoped_, &global_}) {
            out << "\n" << (scores == &scoped_ ? "scoped " : "global ");
            for (const double percent : scores->percent()) out << std::setw(13) << percent;
        }
        out << "\n";
    }

private:
    tl::expected<std::string, int> call(wire::Request request) {
        int exit_code = kFailed;
        std::optional<wire::Response> response =
            call_api(session_.api, std::move(request), session_.terminal.err, exit_code);
        if (!response) return tl::unexpected<int>(exit_code);
        return std::move(response->body);
    }

    tl::expected<std::vector<ScoredResult>, int> ask(const Question& question, bool scoped) {
        encoding::JsonWriter body;
        body.begin_object();
        body.member("query", std::string_view(question.text));
        body.member("top_k", static_cast<std::int64_t>(limits::kRowsDefault));
        if (scoped) {
            body.key("filters").begin_object();
            body.member("scenario_title", std::string_view(question.sample)).end_object();
        }
        body.end_object();
        tl::expected<std::string, int> text =
            call(post_request("/search", "application/json", body.take()));
        if (!text) return tl::unexpected<int>(text.error());
        const Result<encoding::Value> answer = read_json(*text);
        const encoding::Value* rows = answer ? answer->find("results") : nullptr;
        if (rows == nullptr || rows->array() == nullptr) {
            session_.terminal.err << "mcp-backend: a search's answer cannot be read\n";
            return tl::unexpected<int>(kFailed);
        }
        std::vector<ScoredResult> results;
        for (const encoding::Value& row : *rows->array()) {
            tl::expected<ScoredResult, int> result = score(question, row);
            if (!result) return tl::unexpected<int>(result.error());
            results.push_back(std::move(*result));
        }
        return results;
    }

    tl::expected<ScoredResult, int> score(const Question& question, const encoding::Value& row) {
        if (row.find("message_start") == nullptr) {
            session_.terminal.err << "mcp-backend: eval needs USE_NEW_ARCHITECTURE=true: legacy "
                                     "answers do not tell which messages they hold\n";
            return tl::unexpected<int>(kUsage);
        }
        ScoredResult result;
        result.tokens = counter_.count(text_of(row, "text"));
        // Message ids are unique within a sample only.
        if (text_of(row, "scenario_title") != question.sample) return result;
        const auto ids = message_ids(text_of(row, "conversation_id"));
        if (!ids) return tl::unexpected<int>(ids.error());
        const auto size = static_cast<std::int64_t>((*ids)->size());
        const std::int64_t last = std::min(integer_of(row, "message_end"), size - 1);
        for (std::int64_t i = integer_of(row, "message_start"); i <= last; ++i) {
            const std::string& id = (**ids)[static_cast<std::size_t>(i)];
            if (question.evidence.contains(id)) result.evidence.insert(id);
        }
        return result;
    }

    /// `external_id` of each message of a conversation, in order.
    tl::expected<const std::vector<std::string>*, int> message_ids(const std::string& conversation
    ) {
        const auto known = message_ids_.find(conversation);
        if (known != message_ids_.end()) return &known->second;
        tl::expected<std::string, int> text = call(
            get_request("/conversations/" + encoding::percent_encode(conversation) + "/messages")
        );
        if (!text) return tl::unexpected<int>(text.error());
        const Result<encoding::Value> page = read_json(*text);
        const encoding::Value* messages = page ? page->find("messages") : nullptr;
        std::vector<std::string> ids;
        if (messages != nullptr && messages->array() != nullptr) {
            for (const encoding::Value& message : *messages->array()) {
                ids.push_back(text_of(message, "external_id"));
            }
        }
        return &message_ids_.emplace(conversation, std::move(ids)).first->second;
    }

    static void write(
        encoding::JsonWriter& writer, std::string_view name, const EvalScores& scores
    ) {
        writer.key(name).begin_object();
        const std::array<double, 6> percent = scores.percent();
        for (std::size_t i = 0; i < percent.size(); ++i) {
            writer.key(EvalScores::kNames[i]).real(percent[i]);
        }
        writer.end_object();
    }

    const Session& session_;
    const TokenCounter& counter_;
    EvalScores scoped_;
    EvalScores global_;
    std::map<std::string, std::vector<std::string>> message_ids_;
};

}  // namespace

int eval(const Session& session, const std::string& questions_file, const TokenCounter& counter) {
    const Result<std::vector<Question>> questions = read_questions(questions_file);
    if (!questions) return tell(questions.error(), session.terminal.err);
    Eval work(session, counter);
    if (tl::expected<void, int> done = work.run(*questions); !done) return done.error();
    work.print();
    return kDone;
}

}  // namespace rag::cli
