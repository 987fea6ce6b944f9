#include "owner/data_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace rag::owner {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DataFolderTest : public testing::Test {
protected:
    DataFolderTest() {
        std::string name = (fs::temp_directory_path() / "data_folder_XXXXXX").string();
        root_ = ::mkdtemp(name.data());
    }
    ~DataFolderTest() override { fs::remove_all(root_); }

    DataFolder open(const fs::path& path) {
        Result<DataFolder> folder = DataFolder::open(path);
        EXPECT_TRUE(folder) << folder.error().message;
        return std::move(*folder);
    }

    static unsigned mode(const fs::path& path) {
        struct stat info = {};
        EXPECT_EQ(::stat(path.c_str(), &info), 0);
        return info.st_mode & 0777;
    }

    static bool connects(const std::string& path) {
        const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
        return ::connect(
                   socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)
               ) == 0;
    }

    fs::path root_;
};

TEST_F(DataFolderTest, CreatesTheFolderAndItsParentsForTheUserAlone) {
    const DataFolder folder = open(root_ / "a" / "b" / "data");

    EXPECT_EQ(mode(root_ / "a"), 0700U);
    EXPECT_EQ(mode(folder.path()), 0700U);
}

TEST_F(DataFolderTest, MakesAFolderThatOthersCanReadPrivate) {
    fs::create_directory(root_ / "open");
    fs::permissions(root_ / "open", fs::perms(0755));

    open(root_ / "open");

    EXPECT_EQ(mode(root_ / "open"), 0700U);
}

TEST_F(DataFolderTest, RefusesAPathThatIsAFile) {
    std::ofstream(root_ / "file") << "x";

    const Result<DataFolder> folder = DataFolder::open(root_ / "file");

    ASSERT_FALSE(folder);
    EXPECT_EQ(folder.error().code, ErrorCode::invalid_argument);
}

TEST_F(DataFolderTest, HasOneOwnerAndTellsWhoItIs) {
    const DataFolder first = open(root_);
    const DataFolder second = open(root_);

    Result<std::optional<FolderLock>> lock = first.try_lock(Role::mcp);
    Result<std::optional<FolderLock>> refused = second.try_lock(Role::command);

    ASSERT_TRUE(lock && *lock);
    ASSERT_TRUE(refused);
    EXPECT_FALSE(*refused);
    const std::optional<OwnerInfo> owner = second.owner();
    ASSERT_TRUE(owner);
    EXPECT_EQ(owner->pid, ::getpid());
    EXPECT_EQ(owner->role, Role::mcp);

    lock->reset();
    Result<std::optional<FolderLock>> taken = second.try_lock(Role::command);
    ASSERT_TRUE(taken);
    EXPECT_TRUE(*taken);
}

TEST_F(DataFolderTest, NobodyTakesTheStoreWhileAServerIsThere) {
    const DataFolder server = open(root_);
    const DataFolder other = open(root_);
    Result<std::optional<FolderLock>> serve_lock = server.try_lock_for_serve();
    ASSERT_TRUE(serve_lock && *serve_lock);

    Result<std::optional<FolderLock>> refused = other.try_lock(Role::mcp);
    Result<std::optional<FolderLock>> second_server = other.try_lock_for_serve();
    Result<std::optional<FolderLock>> own = server.try_lock(Role::serve);

    ASSERT_TRUE(refused && second_server && own);
    EXPECT_FALSE(*refused);
    EXPECT_FALSE(*second_server);
    EXPECT_TRUE(*own);
    EXPECT_EQ(other.server()->pid, ::getpid());
}

TEST_F(DataFolderTest, ListensUnderAPathLongerThanASocketAddress) {
    fs::path deep = root_;
    for (int level = 0; level < 8; ++level) deep /= std::string(40, 'd');
    const DataFolder folder = open(deep);

    Result<Descriptor> socket = folder.listen();

    ASSERT_TRUE(socket) << socket.error().message;
    EXPECT_TRUE(connects(folder.socket_path()));
    EXPECT_EQ(mode(deep / "owner.sock"), 0600U);
}

TEST_F(DataFolderTest, ListensInPlaceOfASocketThatAFormerOwnerLeft) {
    const DataFolder folder = open(root_);
    { const Result<Descriptor> dead = folder.listen(); }
    ASSERT_FALSE(connects(folder.socket_path()));

    const Result<Descriptor> socket = folder.listen();

    ASSERT_TRUE(socket) << socket.error().message;
    EXPECT_TRUE(connects(folder.socket_path()));
}

TEST_F(DataFolderTest, NamesThePathThatCannotBeCreated) {
    const Result<DataFolder> folder = DataFolder::open("/proc/nowhere/data");

    ASSERT_FALSE(folder);
    EXPECT_THAT(folder.error().message, HasSubstr("/proc/nowhere"));
}

}  // namespace
}  // namespace rag::owner
