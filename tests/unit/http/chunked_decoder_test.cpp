#include "chunked_decoder.hpp"

#include <gmock/gmock.h>

#include "line_splitter.hpp"

namespace rag::http {
namespace {

constexpr std::string_view kGood =
    "5\r\nhello\r\n0A;ext=\"v\" ; b\r\n, world ok\r\n0\r\nTrailer-A: b\r\n\r\nGET /";

TEST(ChunkedDecoder, TakesTheBodyAndLeavesWhatFollows) {
    for (std::size_t step = 1; step <= kGood.size(); ++step) {
        ChunkedDecoder decoder;
        std::string body;
        std::size_t taken = 0;
        while (!decoder.done()) {
            const auto used = decoder.decode(kGood.substr(taken, step), body);
            ASSERT_TRUE(used) << used.error().detail << " in steps of " << step;
            taken += *used;
        }
        EXPECT_EQ(body, "hello, world ok") << "in steps of " << step;
        EXPECT_EQ(kGood.substr(taken), "GET /");
    }
}

TEST(ChunkedDecoder, BoundsExtensionsOverAllChunks) {
    std::string bytes;
    for (int i = 0; i < 5; ++i) bytes += "1;" + std::string(1'000, 'x') + "\r\na\r\n";
    ChunkedDecoder decoder;
    std::string body;

    EXPECT_FALSE(decoder.decode(bytes, body));
}

TEST(ChunkedDecoder, BoundsTheTrailer) {
    ChunkedDecoder decoder;
    std::string body;
    std::string bytes = "0\r\n";
    for (int i = 0; i < 100; ++i) bytes += "A: " + std::string(200, 'x') + "\r\n";

    const auto used = decoder.decode(bytes, body);

    ASSERT_FALSE(used);
    EXPECT_EQ(used.error().status, 431);
}

TEST(LineSplitter, CutsLinesHoweverTheBytesCome) {
    const std::string all = "one\r\ntwo\n\n\nlonger than ten\nsix";
    for (std::size_t step = 1; step <= all.size(); ++step) {
        LineSplitter splitter(10);
        std::vector<std::string> seen;
        const auto see = [&seen](const LineSplitter::Line& line) {
            seen.push_back(std::to_string(line.number) + (line.too_long ? "!" : ":") + line.text);
        };
        for (std::size_t at = 0; at < all.size(); at += step) {
            std::string_view rest = std::string_view(all).substr(at, step);
            while (auto line = splitter.next(rest)) see(*line);
        }
        if (auto last = splitter.finish()) see(*last);

        EXPECT_THAT(seen, ::testing::ElementsAre("1:one", "2:two", "5!", "6:six")) << step;
    }
}

}  // namespace
}  // namespace rag::http
