#include "opening_work.hpp"

#include <utility>
#include <vector>

#include "domain/number_text.hpp"

namespace rag::sqlite {

namespace {

using namespace std::chrono_literals;

constexpr auto kTellEvery = 1s;

/// "Terms are made anew: 2,000 of 30,000 chunks, 3 s"
std::string in_words(const std::string& what, const WorkDone& done, double seconds) {
    std::string text = what + ": " + with_commas(static_cast<std::uint64_t>(done.count));
    if (done.total > 0) text += " of " + with_commas(static_cast<std::uint64_t>(done.total));
    text += " " + std::string(done.unit);
    if (done.rows > 0) text += ", " + with_commas(static_cast<std::uint64_t>(done.rows)) + " rows";
    return text + ", " + std::to_string(static_cast<std::int64_t>(seconds)) + " s";
}

}  // namespace

OpeningWork::OpeningWork(
    const StoreLog& log, std::function<void(const std::string&)> shown, Clock clock
)
    : log_(log), shown_(std::move(shown)), clock_(std::move(clock)) {}

void OpeningWork::begin(std::string what) {
    what_ = std::move(what);
    told_ = false;
    began_ = clock_();
    tell_at_ = began_ + kTellEvery;
}

void OpeningWork::came_to(const WorkDone& done) {
    const auto now = clock_();
    if (now < tell_at_) return;
    tell_at_ = now + kTellEvery;
    told_ = true;
    const double seconds = std::chrono::duration<double>(now - began_).count();
    say(what_, done, seconds);
    if (shown_) shown_(in_words(what_, done, seconds));
}

void OpeningWork::end(const WorkDone& done) {
    const double seconds = std::chrono::duration<double>(clock_() - began_).count();
    say(what_ + ": done", done, seconds);
    if (std::exchange(told_, false) && shown_) shown_({});
}

void OpeningWork::say(std::string_view message, const WorkDone& done, double seconds) const {
    const std::string total = std::string(done.unit) + "_total";
    std::vector<LogField> fields{{done.unit, done.count}};
    if (done.total > 0) fields.push_back({total, done.total});
    if (done.rows > 0) fields.push_back({"rows", done.rows});
    fields.push_back({"seconds", seconds});
    log_.say(LogLevel::info, message, fields);
}

}  // namespace rag::sqlite
