#include "line_reader.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <thread>

namespace rag::mcp {
namespace {

/// A pipe to read from and an event to stop with.
class Input {
public:
    Input() : wake(::eventfd(0, EFD_CLOEXEC)) { EXPECT_EQ(::pipe(ends_), 0); }
    ~Input() {
        close_writer();
        ::close(ends_[0]);
        ::close(wake);
    }
    void write(std::string_view text) { EXPECT_TRUE(write_fully(ends_[1], text)); }
    void close_writer() {
        if (ends_[1] >= 0) ::close(ends_[1]);
        ends_[1] = -1;
    }
    int reader() const { return ends_[0]; }

    const int wake;

private:
    int ends_[2] = {-1, -1};
};

TEST(LineReader, GivesLineAfterLineAndWhatIsLeftAtTheEnd) {
    Input input;
    input.write("one\ntwo\r\n\nlast");
    input.close_writer();
    LineReader reader(input.reader(), input.wake, 100);

    EXPECT_EQ(reader.next()->text, "one");
    EXPECT_EQ(reader.next()->text, "two");
    EXPECT_EQ(reader.next()->text, "");
    EXPECT_EQ(reader.next()->text, "last");
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.next());
}

TEST(LineReader, SkipsALineThatIsTooLongAndGoesOnAfterIt) {
    Input input;
    std::jthread writer([&input] {
        input.write(
            std::string(1'000'000, 'x') + "\nshort\n" + std::string(11, 'y') + "\n0123456789\n"
        );
        input.close_writer();
    });
    LineReader reader(input.reader(), input.wake, 10);

    EXPECT_TRUE(reader.next()->too_long);
    EXPECT_EQ(reader.next()->text, "short");
    EXPECT_TRUE(reader.next()->too_long);
    EXPECT_EQ(reader.next()->text, "0123456789");
    EXPECT_FALSE(reader.next());
}

TEST(LineReader, StopsWhenItIsWoken) {
    Input input;
    LineReader reader(input.reader(), input.wake, 10);
    std::jthread waker([&input] { ::eventfd_write(input.wake, 1); });

    EXPECT_FALSE(reader.next());
}

}  // namespace
}  // namespace rag::mcp
