#include "support/power_cut_vfs.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <memory>

#include "support/temp_folder.hpp"

namespace rag::test {

namespace {

struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
};
using Db = std::unique_ptr<sqlite3, Close>;

class PowerCut : public testing::Test {
protected:
    Db open(const std::string& synchronous) {
        sqlite3* db = nullptr;
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        EXPECT_EQ(sqlite3_open_v2(path.c_str(), &db, flags, vfs.name().c_str()), SQLITE_OK);
        Db owned(db);
        EXPECT_EQ(run(owned, "PRAGMA journal_mode = WAL"), SQLITE_OK);
        EXPECT_EQ(run(owned, "PRAGMA synchronous = " + synchronous), SQLITE_OK);
        return owned;
    }

    static int run(const Db& db, const std::string& sql) {
        return sqlite3_exec(db.get(), sql.c_str(), nullptr, nullptr, nullptr);
    }

    static int rows(const Db& db) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(db.get(), "SELECT COUNT(*) FROM t", -1, &statement, nullptr) != 0) {
            return -1;
        }
        const int count =
            sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;
        sqlite3_finalize(statement);
        return count;
    }

    static bool whole(const Db& db) {
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(db.get(), "PRAGMA integrity_check", -1, &statement, nullptr);
        const bool ok =
            sqlite3_step(statement) == SQLITE_ROW &&
            std::string_view(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0))) ==
                "ok";
        sqlite3_finalize(statement);
        return ok;
    }

    /// Commits `count` rows, then loses power and opens again.
    Db after_cut(const std::string& synchronous, int count, Survives what) {
        {
            Db db = open(synchronous);
            EXPECT_EQ(run(db, "CREATE TABLE t (a)"), SQLITE_OK);
            EXPECT_EQ(run(db, "PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
            for (int i = 0; i < count; ++i) {
                EXPECT_EQ(run(db, "INSERT INTO t VALUES (randomblob(2000))"), SQLITE_OK);
            }
            vfs.cut_now();
        }
        vfs.restore(what);
        return open(synchronous);
    }

    PowerCutVfs vfs{"power-cut-test", 7};
    TempFolder folder;
    std::string path = folder.path() / "t.db";
};

TEST_F(PowerCut, LosesWhatWasCommittedWithoutASync) {
    EXPECT_LT(rows(after_cut("OFF", 20, Survives::nothing)), 20);
}

TEST_F(PowerCut, KeepsWhatWasCommittedWithASyncEach) {
    const Db db = after_cut("FULL", 20, Survives::nothing);

    EXPECT_EQ(rows(db), 20);
    EXPECT_TRUE(whole(db));
}

TEST_F(PowerCut, KeepsItThoughWritesAreTornAndReordered) {
    const Db db = after_cut("FULL", 20, Survives::some);

    EXPECT_EQ(rows(db), 20);
    EXPECT_TRUE(whole(db));
}

TEST_F(PowerCut, WithoutSyncsNormalModeLosesCommitsButNothingIsDamaged) {
    const Db db = after_cut("NORMAL", 20, Survives::nothing);

    EXPECT_LT(rows(db), 20);
    EXPECT_TRUE(whole(db));
}

TEST_F(PowerCut, CutsAtAnyOperationAndLosesNoAcknowledgedRow) {
    for (int at = 1; at < 60; ++at) {
        for (const char* end : {"", "-wal"}) std::filesystem::remove(path + end);
        int acknowledged = 0;
        {
            Db db = open("FULL");
            ASSERT_EQ(run(db, "CREATE TABLE t (a)"), SQLITE_OK);
            ASSERT_EQ(run(db, "PRAGMA wal_autocheckpoint = 10"), SQLITE_OK);
            vfs.cut_after(at);
            while (run(db, "INSERT INTO t VALUES (randomblob(6000))") == SQLITE_OK) ++acknowledged;
            EXPECT_TRUE(vfs.is_cut());
        }
        vfs.restore(Survives::some);

        Db db = open("FULL");
        EXPECT_GE(rows(db), acknowledged) << "cut after operation " << at;
        EXPECT_TRUE(whole(db)) << "cut after operation " << at;
    }
}

TEST_F(PowerCut, AfterTheCutNothingReachesTheDisk) {
    Db db = open("FULL");
    ASSERT_EQ(run(db, "CREATE TABLE t (a)"), SQLITE_OK);
    vfs.cut_now();

    EXPECT_NE(run(db, "INSERT INTO t VALUES (1)"), SQLITE_OK);
    EXPECT_TRUE(vfs.is_cut());
    db.reset();
    vfs.restore(Survives::all);
    db = open("FULL");
    EXPECT_EQ(rows(db), 0);
    EXPECT_EQ(run(db, "INSERT INTO t VALUES (1)"), SQLITE_OK);
}

TEST_F(PowerCut, MakesSyncsFailAndDisksFull) {
    Db db = open("FULL");
    ASSERT_EQ(run(db, "CREATE TABLE t (a)"), SQLITE_OK);

    vfs.fail_syncs(true);
    EXPECT_EQ(run(db, "INSERT INTO t VALUES (1)"), SQLITE_IOERR);
    vfs.fail_syncs(false);
    vfs.fill_disk(true);
    EXPECT_EQ(run(db, "INSERT INTO t VALUES (1)"), SQLITE_FULL);
    vfs.fill_disk(false);
    EXPECT_EQ(run(db, "INSERT INTO t VALUES (1)"), SQLITE_OK);
}

}  // namespace

}  // namespace rag::test
