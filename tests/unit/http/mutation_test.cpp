#include <gmock/gmock.h>

#include <random>

#include "chunked_decoder.hpp"
#include "framing_gate.hpp"

/// Random damage to good requests: whatever comes of it, the readers must neither crash nor depend
/// on how the bytes were cut. Most telling under the sanitizers.
namespace rag::http {
namespace {

constexpr int kRounds = 20'000;
constexpr HeadLimits kLimits{.header_bytes_max = 4'000, .target_bytes_max = 1'000};
using namespace std::string_view_literals;

constexpr std::string_view kInteresting = "\r\n\t\0 :;,/%?#@[]0x\x7F\x80\xFF"sv;
constexpr int kLastInteresting = static_cast<int>(kInteresting.size()) - 1;

class Mutator {
public:
    std::string damage(std::string text) {
        for (int changes = pick(1, 4); changes > 0; --changes) {
            const auto at = static_cast<std::size_t>(pick(0, static_cast<int>(text.size()) - 1));
            const char byte = kInteresting[static_cast<std::size_t>(pick(0, kLastInteresting))];
            switch (pick(0, 3)) {
                case 0:
                    text[at] = byte;
                    break;
                case 1:
                    text.insert(at, 1, byte);
                    break;
                case 2:
                    text.erase(at, static_cast<std::size_t>(pick(1, 4)));
                    break;
                default:
                    text.insert(at, text.substr(at, static_cast<std::size_t>(pick(1, 20))));
            }
            if (text.empty()) text = "x";
        }
        return text;
    }
    int pick(int from, int to) { return std::uniform_int_distribution(from, to)(random_); }

private:
    std::mt19937 random_{20251107};
};

/// Status, or the size of the header and its method and target.
std::string read_head(std::string_view bytes, std::size_t step) {
    HeadScanner scanner(kLimits);
    for (std::size_t size = std::min(step, bytes.size());;) {
        const auto scanned = scanner.scan(bytes.substr(0, size));
        if (!scanned) return std::to_string(scanned.error().status);
        if (*scanned) {
            const Framed<Head> head = parse_head(bytes.substr(0, **scanned));
            if (!head) return std::to_string(head.error().status);
            return std::to_string(**scanned) + head->method + head->target;
        }
        if (size == bytes.size()) return "more";
        size = std::min(size + step, bytes.size());
    }
}

std::string read_chunks(std::string_view bytes, std::size_t step) {
    ChunkedDecoder decoder;
    std::string body;
    std::size_t taken = 0;
    while (taken < bytes.size() && !decoder.done()) {
        const auto used = decoder.decode(bytes.substr(taken, step), body);
        if (!used) return std::to_string(used.error().status);
        taken += *used;
    }
    return (decoder.done() ? "done " : "more ") + std::to_string(taken) + body;
}

TEST(Mutations, OfHeadersAreReadTheSameHoweverTheyCome) {
    Mutator mutator;
    const std::string good =
        "POST http://a.b:80/c%20d?e=f HTTP/1.1\r\nHost: a.b:80\r\nContent-Length: 5\r\n"
        "Expect: 100-continue\r\nConnection: close, x\r\n\r\n";
    int taken = 0;
    for (int round = 0; round < kRounds; ++round) {
        const std::string bytes = mutator.damage(good);
        const std::string whole = read_head(bytes, bytes.size());
        const auto step = static_cast<std::size_t>(mutator.pick(1, 7));
        ASSERT_EQ(read_head(bytes, step), whole) << bytes;
        if (whole.find("POST") != std::string::npos) ++taken;
    }
    EXPECT_GT(taken, 0) << "some damage is harmless";
    EXPECT_LT(taken, kRounds / 2);
}

TEST(Mutations, OfChunksAreReadTheSameHoweverTheyCome) {
    Mutator mutator;
    const std::string good = "5\r\nhello\r\n0a;ext=v\r\n0123456789\r\n0\r\nA: b\r\n\r\n";
    int done = 0;
    for (int round = 0; round < kRounds; ++round) {
        const std::string bytes = mutator.damage(good);
        const std::string whole = read_chunks(bytes, bytes.size());
        const auto step = static_cast<std::size_t>(mutator.pick(1, 7));
        ASSERT_EQ(read_chunks(bytes, step), whole) << bytes;
        if (whole.starts_with("done")) ++done;
    }
    EXPECT_GT(done, 0);
    EXPECT_LT(done, kRounds / 2);
}

}  // namespace
}  // namespace rag::http
