#include "progress.hpp"

#include <algorithm>
#include <cmath>

#include "domain/number_text.hpp"

namespace rag::cli {
namespace {

constexpr auto kEvery = std::chrono::milliseconds(200);
constexpr std::size_t kBarWidth = 30;

std::string duration_text(double seconds) {
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3'600)
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3'600) + " h " + std::to_string(whole % 3'600 / 60) + " min";
}

}  // namespace

std::string progress_line(
    std::uint64_t done,
    std::uint64_t total,
    std::uint64_t count,
    const std::string& unit,
    double seconds
) {
    const double share =
        total == 0 ? 1 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto filled = static_cast<std::size_t>(share * kBarWidth);
    std::string line = "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '-') + "] ";
    line +=
        std::to_string(static_cast<int>(share * 100)) + " %  " + with_commas(count) + " " + unit;
    if (seconds > 0 && count > 0) {
        const auto rate = static_cast<std::uint64_t>(static_cast<double>(count) / seconds);
        line += "  " + with_commas(rate) + " " + unit + "/s";
    }
    if (share > 0 && share < 1)
        line += "  " + duration_text(seconds * (1 - share) / share) + " left";
    return line;
}

Progress::Progress(std::ostream& err, bool shown, std::string unit, std::uint64_t total)
    : err_(err),
      shown_(shown),
      unit_(std::move(unit)),
      total_(total),
      start_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
    if (shown_) err_ << "\r\x1b[K" << std::flush;
}

void Progress::update(std::uint64_t done, std::uint64_t count) {
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now - last_ < kEvery) return;
    last_ = now;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    err_ << "\r\x1b[K" << progress_line(done, total_, count, unit_, seconds) << std::flush;
}

}  // namespace rag::cli
