#include "packing.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace rag::local {

void WaitingTexts::add(std::vector<WaitingText> texts) {
    for (const WaitingText& text : texts) rows_ += text.ids.size();
    std::ranges::move(texts, std::back_inserter(texts_));
}

std::vector<WaitingText> WaitingTexts::take(std::size_t rows_max) {
    // The first one goes along whatever its length, so no text waits for ever behind longer ones.
    std::vector<std::size_t> order(texts_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin() + 1, order.end(), [this](std::size_t a, std::size_t b) {
        return texts_[a].ids.size() > texts_[b].ids.size();
    });
    std::vector<WaitingText> taken;
    std::vector<bool> gone(texts_.size());
    std::size_t rows = 0;
    for (const std::size_t index : order) {
        const std::size_t length = texts_[index].ids.size();
        if (!taken.empty() && rows + length > rows_max) continue;
        rows += length;
        gone[index] = true;
        taken.push_back(std::move(texts_[index]));
    }
    std::deque<WaitingText> left;
    for (std::size_t index = 0; index < texts_.size(); ++index) {
        if (!gone[index]) left.push_back(std::move(texts_[index]));
    }
    texts_ = std::move(left);
    rows_ -= rows;
    return taken;
}

}  // namespace rag::local
