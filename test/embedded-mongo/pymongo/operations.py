"""PyMongo against the server whose URI is the first argument: one function an operation, counted at the end."""

import sys
import threading
import time
import traceback
from datetime import datetime, timezone

import gridfs
import pymongo
from bson import Binary, Code, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from bson.son import SON
from pymongo import ASCENDING, DESCENDING, TEXT, IndexModel, ReturnDocument, WriteConcern
from pymongo import DeleteMany, DeleteOne, InsertOne, ReplaceOne, UpdateMany, UpdateOne
from pymongo.collation import Collation
from pymongo.errors import BulkWriteError, CollectionInvalid, DuplicateKeyError, OperationFailure, WriteError
from pymongo.read_concern import ReadConcern

client = pymongo.MongoClient(sys.argv[1], serverSelectionTimeoutMS=5000)
db = client["pymongo_suite"]
operations = []


def operation(function):
    operations.append(function)
    return function


def filled(name, *documents):
    """A collection with exactly these documents."""
    db[name].drop()
    if documents:
        db[name].insert_many(list(documents))
    return db[name]


def refused(code, call):
    """The error that `call` must end with, with this code."""
    try:
        call()
    except OperationFailure as error:
        assert error.code == code, f"code {error.code} instead of {code}: {error}"
        return error
    raise AssertionError(f"no error, code {code} expected")


# --- commands that shells and tools send ---


@operation
def hello():
    reply = client.admin.command("hello")
    assert reply["isWritablePrimary"] is True and reply["setName"] and reply["maxWireVersion"] >= 21
    assert reply["maxBsonObjectSize"] == 16777216 and reply["maxMessageSizeBytes"] == 48000000


@operation
def is_master_legacy():
    assert client.admin.command("ismaster")["ismaster"] is True


@operation
def ping():
    assert client.admin.command("ping")["ok"] == 1


@operation
def build_info():
    reply = client.admin.command("buildInfo")
    assert reply["versionArray"][0] == 8 and reply["version"].startswith("8.")
    assert client.server_info()["version"] == reply["version"]


@operation
def server_status():
    reply = client.admin.command("serverStatus")
    assert reply["uptime"] >= 0 and reply["connections"]["current"] >= 1 and "version" in reply


@operation
def host_info_and_options():
    assert client.admin.command("hostInfo")["ok"] == 1
    assert client.admin.command("getCmdLineOpts")["ok"] == 1


@operation
def get_parameter():
    assert client.admin.command({"getParameter": 1, "featureCompatibilityVersion": 1})["ok"] == 1


@operation
def get_log():
    assert client.admin.command({"getLog": "startupWarnings"})["ok"] == 1


@operation
def connection_status():
    reply = client.admin.command("connectionStatus")
    assert reply["authInfo"]["authenticatedUsers"] == []


@operation
def whats_my_uri():
    assert "you" in client.admin.command("whatsmyuri")


@operation
def list_databases():
    filled("names", {"a": 1})
    found = {one["name"]: one for one in client.list_databases()}
    assert "pymongo_suite" in found and found["pymongo_suite"]["empty"] is False


@operation
def list_database_names():
    assert "pymongo_suite" in client.list_database_names()


@operation
def db_stats():
    filled("stats", {"a": 1}, {"a": 2})
    reply = db.command("dbStats")
    assert reply["db"] == "pymongo_suite" and reply["collections"] >= 1 and reply["objects"] >= 2


@operation
def coll_stats():
    filled("stats", {"a": 1}, {"a": 2})
    reply = db.command("collStats", "stats")
    assert reply["count"] == 2 and reply["ns"] == "pymongo_suite.stats" and reply["nindexes"] == 1


@operation
def coll_stats_stage():
    filled("stats", {"a": 1})
    [reply] = db.stats.aggregate([{"$collStats": {"count": {}, "storageStats": {}}}])
    assert reply["count"] == 1 and reply["ns"] == "pymongo_suite.stats"


@operation
def data_size_and_validate():
    filled("stats", {"a": 1})
    assert db.validate_collection("stats")["valid"] is True


@operation
def replica_set_status():
    reply = client.admin.command("replSetGetStatus")
    assert reply["members"][0]["stateStr"] == "PRIMARY"


@operation
def unknown_command():
    refused(59, lambda: db.command("nonsense"))


# --- insert ---


@operation
def insert_one():
    collection = filled("insert")
    result = collection.insert_one({"a": 1})
    assert isinstance(result.inserted_id, ObjectId) and collection.find_one()["a"] == 1


@operation
def insert_many():
    result = filled("insert").insert_many([{"_id": i} for i in range(250)])
    assert result.inserted_ids == list(range(250)) and db.insert.count_documents({}) == 250


@operation
def insert_duplicate():
    collection = filled("insert", {"_id": 1})
    try:
        collection.insert_one({"_id": 1})
        raise AssertionError("no error")
    except DuplicateKeyError as error:
        assert error.code == 11000 and error.details["keyValue"] == {"_id": 1}, error.details


@operation
def insert_many_unordered():
    collection = filled("insert", {"_id": 1})
    try:
        collection.insert_many([{"_id": 1}, {"_id": 2}, {"_id": 3}], ordered=False)
        raise AssertionError("no error")
    except BulkWriteError as error:
        assert error.details["nInserted"] == 2 and error.details["writeErrors"][0]["index"] == 0


@operation
def insert_every_type():
    document = {
        "_id": 1,
        "double": 1.0,
        "int": 1,
        "long": Int64(1),
        "big": 2**40,
        "decimal": Decimal128("1.10"),
        "oid": ObjectId(),
        "date": datetime(2024, 2, 29, tzinfo=timezone.utc),
        "binary": Binary(b"abc", 5),
        "regex": Regex("a", "i"),
        "timestamp": Timestamp(1, 2),
        "code": Code("x"),
        "min": MinKey(),
        "max": MaxKey(),
        "null": None,
        "nested": {"list": [1, [2, {"deep": True}]]},
    }
    options = CodecOptions(tz_aware=True)
    found = filled("types", document).with_options(codec_options=options).find_one()
    assert found == document, found
    assert type(found["long"]) is Int64 and type(found["double"]) is float and type(found["int"]) is int
    assert list(found) == list(document)


@operation
def insert_unacknowledged():
    collection = filled("insert")
    quiet = collection.with_options(write_concern=WriteConcern(w=0))
    assert quiet.insert_one({"_id": 1}).acknowledged is False
    for _ in range(100):
        if collection.count_documents({}) == 1:
            return
        time.sleep(0.01)
    raise AssertionError("not written")


# --- find ---


@operation
def find_filter_sort_skip_limit():
    collection = filled("find", *({"_id": i, "even": i % 2 == 0} for i in range(20)))
    found = collection.find({"even": True}).sort("_id", DESCENDING).skip(1).limit(3)
    assert [one["_id"] for one in found] == [16, 14, 12]


@operation
def find_in_batches():
    collection = filled("find", *({"_id": i} for i in range(1000)))
    assert len(list(collection.find(batch_size=7))) == 1000


@operation
def find_cursor_closed_early():
    cursor = filled("find", *({"_id": i} for i in range(100))).find(batch_size=2)
    next(cursor), next(cursor)
    cursor.close()
    assert cursor.alive is False


@operation
def find_projection():
    collection = filled("find", {"_id": 1, "a": 1, "b": {"c": 2, "d": 3}})
    assert collection.find_one({}, {"b.c": 1, "_id": 0}) == {"b": {"c": 2}}


@operation
def find_operators():
    collection = filled("find", {"_id": 1, "a": [1, 2]}, {"_id": 2, "a": 5}, {"_id": 3})
    cases = [
        ({"a": {"$in": [2, 5]}}, [1, 2]),
        ({"a": {"$exists": False}}, [3]),
        ({"a": {"$size": 2}}, [1]),
        ({"a": {"$elemMatch": {"$gt": 1}}}, [1]),
        ({"$or": [{"a": 5}, {"_id": 3}]}, [2, 3]),
        ({"a": {"$not": {"$gte": 2}}}, [3]),
        ({"a": {"$mod": [5, 0]}}, [2]),
        ({"$nor": [{"a": 5}]}, [1, 3]),
    ]
    for query, expected in cases:
        found = [one["_id"] for one in collection.find(query).sort("_id")]
        assert found == expected, (query, found)


@operation
def find_regex():
    collection = filled("find", {"_id": 1, "a": "Hello"}, {"_id": 2, "a": "world"})
    assert [one["_id"] for one in collection.find({"a": Regex("^hel", "i")})] == [1]


@operation
def find_with_collation():
    collection = filled("find", {"_id": 1, "a": "Apple"}, {"_id": 2, "a": "apple"})
    assert len(list(collection.find({"a": "APPLE"}, collation=Collation("en", strength=2)))) == 2


@operation
def find_with_hint():
    collection = filled("find", *({"_id": i, "a": -i} for i in range(10)))
    collection.create_index("a")
    assert [one["_id"] for one in collection.find({"a": {"$gte": -2}}).hint([("a", 1)])] == [2, 1, 0]
    refused(2, lambda: list(collection.find().hint("nope")))


@operation
def find_raw_batches():
    collection = filled("find", {"_id": 1, "a": 1})
    [raw] = collection.with_options(codec_options=CodecOptions(RawBSONDocument)).find()
    assert raw["a"] == 1


@operation
def find_explain():
    collection = filled("find", {"_id": 1, "a": 1})
    collection.create_index("a")
    plan = str(collection.find({"a": 1}).explain()["queryPlanner"]["winningPlan"])
    assert "IXSCAN" in plan, plan
    assert "COLLSCAN" in str(collection.find({"b": 1}).explain()["queryPlanner"]["winningPlan"])


@operation
def find_bad_operator():
    refused(2, lambda: filled("find", {"a": 1}).find_one({"a": {"$nonsense": 1}}))


@operation
def count_documents():
    collection = filled("count", {"a": 1}, {"a": 1}, {"a": 2})
    assert collection.count_documents({"a": 1}) == 2
    assert collection.count_documents({}, skip=1, limit=1) == 1
    assert collection.estimated_document_count() == 3


@operation
def distinct():
    collection = filled("distinct", {"a": [1, 2]}, {"a": 2.0}, {"a": "x"})
    assert sorted(map(str, collection.distinct("a"))) == ["1", "2", "x"]
    assert collection.distinct("a", {"a": "x"}) == ["x"]


# --- update, replace, delete ---


@operation
def update_one():
    result = filled("update", {"_id": 1, "n": 1}, {"_id": 2, "n": 1}).update_one({"n": 1}, {"$inc": {"n": 5}})
    assert (result.matched_count, result.modified_count) == (1, 1)
    assert [one["n"] for one in db.update.find().sort("_id")] == [6, 1]


@operation
def update_many():
    result = filled("update", {"n": 1}, {"n": 1}, {"n": 2}).update_many({"n": 1}, {"$set": {"x": True}})
    assert (result.matched_count, result.modified_count) == (2, 2)


@operation
def update_without_change():
    result = filled("update", {"_id": 1, "n": 1}).update_one({"_id": 1}, {"$set": {"n": 1}})
    assert (result.matched_count, result.modified_count) == (1, 0)


@operation
def update_upsert():
    result = filled("update").update_one({"_id": 9}, {"$set": {"n": 1}}, upsert=True)
    assert result.upserted_id == 9 and result.matched_count == 0


@operation
def update_array_filters():
    collection = filled("update", {"_id": 1, "a": [1, 5, 9]})
    collection.update_one({}, {"$set": {"a.$[big]": 0}}, array_filters=[{"big": {"$gt": 4}}])
    assert collection.find_one()["a"] == [1, 0, 0]


@operation
def update_positional():
    collection = filled("update", {"_id": 1, "a": [{"k": 1}, {"k": 2}]})
    collection.update_one({"a.k": 2}, {"$set": {"a.$.v": "hit"}})
    assert collection.find_one()["a"] == [{"k": 1}, {"k": 2, "v": "hit"}]


@operation
def update_pipeline():
    collection = filled("update", {"_id": 1, "a": 2})
    collection.update_one({}, [{"$set": {"b": {"$multiply": ["$a", 3]}}}])
    assert collection.find_one() == {"_id": 1, "a": 2, "b": 6}


@operation
def update_array_operators():
    collection = filled("update", {"_id": 1, "a": [3, 1]})
    collection.update_one({}, {"$push": {"a": {"$each": [2], "$sort": 1}}})
    collection.update_one({}, {"$addToSet": {"a": 2}})
    collection.update_one({}, {"$pull": {"a": {"$gt": 2}}})
    assert collection.find_one()["a"] == [1, 2]


@operation
def update_error():
    try:
        filled("update", {"_id": 1, "a": "x"}).update_one({}, {"$inc": {"a": 1}})
        raise AssertionError("no error")
    except WriteError as error:
        assert error.code == 14


@operation
def replace_one():
    result = filled("update", {"_id": 1, "a": 1}).replace_one({"_id": 1}, {"b": 2})
    assert result.modified_count == 1 and db.update.find_one() == {"_id": 1, "b": 2}


@operation
def find_one_and_update():
    collection = filled("update", {"_id": 1, "n": 1})
    assert collection.find_one_and_update({}, {"$inc": {"n": 1}})["n"] == 1
    after = collection.find_one_and_update({}, {"$inc": {"n": 1}}, return_document=ReturnDocument.AFTER)
    assert after["n"] == 3


@operation
def find_one_and_replace():
    collection = filled("update", {"_id": 1, "n": 1})
    assert collection.find_one_and_replace({}, {"m": 1}, return_document=ReturnDocument.AFTER) == {"_id": 1, "m": 1}


@operation
def find_one_and_delete():
    collection = filled("update", {"_id": 1}, {"_id": 2})
    assert collection.find_one_and_delete({}, sort=[("_id", -1)]) == {"_id": 2}
    assert collection.find_one_and_delete({"_id": 7}) is None


@operation
def delete_one_and_many():
    collection = filled("delete", {"a": 1}, {"a": 1}, {"a": 1}, {"a": 2})
    assert collection.delete_one({"a": 1}).deleted_count == 1
    assert collection.delete_many({"a": 1}).deleted_count == 2
    assert collection.count_documents({}) == 1


@operation
def bulk_write():
    collection = filled("bulk", {"_id": 1}, {"_id": 2}, {"_id": 3})
    result = collection.bulk_write(
        [
            InsertOne({"_id": 4}),
            UpdateOne({"_id": 1}, {"$set": {"a": 1}}),
            UpdateMany({}, {"$set": {"b": 1}}),
            ReplaceOne({"_id": 9}, {"c": 1}, upsert=True),
            DeleteOne({"_id": 2}),
            DeleteMany({"_id": 3}),
        ]
    )
    counts = (result.inserted_count, result.matched_count, result.deleted_count, result.upserted_ids)
    assert counts == (1, 5, 2, {3: 9}), counts


@operation
def client_bulk_write():
    filled("bulk", {"_id": 1})
    models = [
        InsertOne({"_id": 2}, namespace="pymongo_suite.bulk"),
        UpdateOne({"_id": 1}, {"$set": {"a": 1}}, namespace="pymongo_suite.bulk"),
        DeleteOne({"_id": 7}, namespace="pymongo_suite.bulk"),
    ]
    result = client.bulk_write(models)
    assert (result.inserted_count, result.modified_count, result.deleted_count) == (1, 1, 0)


# --- aggregation ---


@operation
def aggregate_group():
    collection = filled("agg", {"k": "a", "v": 1}, {"k": "a", "v": Int64(2)}, {"k": "b", "v": Decimal128("0.5")})
    pipeline = [{"$group": {"_id": "$k", "s": {"$sum": "$v"}}}, {"$sort": {"_id": 1}}]
    assert list(collection.aggregate(pipeline)) == [{"_id": "a", "s": 3}, {"_id": "b", "s": Decimal128("0.5")}]


@operation
def aggregate_lookup():
    filled("foreign", {"_id": 1, "name": "x"}, {"_id": 2, "name": "y"})
    collection = filled("agg", {"_id": 1, "f": 2})
    stage = {"$lookup": {"from": "foreign", "localField": "f", "foreignField": "_id", "as": "found"}}
    assert list(collection.aggregate([stage])) == [{"_id": 1, "f": 2, "found": [{"_id": 2, "name": "y"}]}]


@operation
def aggregate_facet_unwind():
    collection = filled("agg", {"_id": 1, "t": ["a", "b"]})
    [found] = collection.aggregate([{"$facet": {"n": [{"$unwind": "$t"}, {"$count": "n"}]}}])
    assert found == {"n": [{"n": 2}]}


@operation
def aggregate_out_and_merge():
    collection = filled("agg", {"_id": 1, "v": 1}, {"_id": 2, "v": 2})
    collection.aggregate([{"$match": {"v": 1}}, {"$out": "agg_out"}])
    assert list(db.agg_out.find()) == [{"_id": 1, "v": 1}]
    collection.aggregate([{"$merge": {"into": "agg_out", "whenMatched": "replace"}}])
    assert db.agg_out.count_documents({}) == 2


@operation
def aggregate_in_batches():
    collection = filled("agg", *({"_id": i} for i in range(500)))
    assert len(list(collection.aggregate([{"$match": {}}], batchSize=13))) == 500


@operation
def aggregate_graph_lookup():
    collection = filled("agg", {"_id": 1, "up": None}, {"_id": 2, "up": 1}, {"_id": 3, "up": 2})
    stage = {"from": "agg", "startWith": "$up", "connectFromField": "up", "connectToField": "_id", "as": "all"}
    [found] = collection.aggregate([{"$match": {"_id": 3}}, {"$graphLookup": stage}])
    assert {one["_id"] for one in found["all"]} == {1, 2}


@operation
def aggregate_window():
    collection = filled("agg", {"_id": 1}, {"_id": 2})
    output = {"n": {"$documentNumber": {}}}
    found = list(collection.aggregate([{"$setWindowFields": {"sortBy": {"_id": 1}, "output": output}}]))
    assert [one["n"] for one in found] == [1, 2]


@operation
def aggregate_on_database():
    assert list(db.aggregate([{"$documents": [{"a": 1}, {"a": 2}]}, {"$match": {"a": 2}}])) == [{"a": 2}]


@operation
def aggregate_unknown_stage():
    refused(40324, lambda: list(filled("agg", {"a": 1}).aggregate([{"$nonsense": {}}])))


# --- indexes ---


@operation
def create_index():
    collection = filled("index", {"a": 1})
    assert collection.create_index([("a", ASCENDING), ("b", DESCENDING)]) == "a_1_b_-1"
    assert collection.index_information()["a_1_b_-1"]["key"] == [("a", 1), ("b", -1)]


@operation
def create_indexes():
    collection = filled("index", {"a": 1})
    models = [IndexModel("a", sparse=True), IndexModel("b", partialFilterExpression={"b": {"$gt": 1}})]
    assert collection.create_indexes(models) == ["a_1", "b_1"]
    assert len(list(collection.list_indexes())) == 3


@operation
def unique_index():
    collection = filled("index", {"a": 1}, {"a": 1})
    refused(11000, lambda: collection.create_index("a", unique=True))
    collection.delete_one({"a": 1})
    collection.create_index("a", unique=True)
    refused(11000, lambda: collection.insert_one({"a": 1}))


@operation
def ttl_index():
    collection = filled("index")
    collection.create_index("at", expireAfterSeconds=3600)
    assert collection.index_information()["at_1"]["expireAfterSeconds"] == 3600


@operation
def text_index():
    collection = filled("index", {"_id": 1, "t": "red apple"}, {"_id": 2, "t": "green pear"})
    collection.create_index([("t", TEXT)])
    assert [one["_id"] for one in collection.find({"$text": {"$search": "pear"}})] == [2]


@operation
def drop_index():
    collection = filled("index", {"a": 1})
    collection.create_index("a")
    collection.create_index("b")
    collection.drop_index("a_1")
    collection.drop_indexes()
    assert list(collection.index_information()) == ["_id_"]


@operation
def index_statistics():
    collection = filled("index", {"a": 1})
    collection.create_index("a")
    assert {one["name"] for one in collection.aggregate([{"$indexStats": {}}])} == {"_id_", "a_1"}


# --- collections and databases ---


@operation
def create_collection_with_validator():
    db.drop_collection("made")
    schema = {"$jsonSchema": {"bsonType": "object", "required": ["a"], "properties": {"a": {"bsonType": "int"}}}}
    made = db.create_collection("made", validator=schema)
    made.insert_one({"a": 1})
    error = refused(121, lambda: made.insert_one({"a": "x"}))
    assert error.details["errInfo"]["details"]["operatorName"] == "$jsonSchema"


@operation
def create_collection_twice():
    filled("made", {"a": 1})
    try:
        db.create_collection("made")
        raise AssertionError("no error")
    except CollectionInvalid:
        refused(48, lambda: db.command("create", "made", capped=True, size=4096))


@operation
def collection_modify():
    filled("made", {"a": 1})
    assert db.command("collMod", "made", validator={"a": {"$gt": 0}})["ok"] == 1
    refused(121, lambda: db.made.insert_one({"a": -1}))


@operation
def list_collections():
    filled("made", {"a": 1})
    found = {one["name"]: one for one in db.list_collections()}
    assert found["made"]["type"] == "collection" and "uuid" in found["made"]["info"]
    assert db.list_collection_names(filter={"name": "made"}) == ["made"]


@operation
def rename_collection():
    collection = filled("made", {"_id": 1})
    db.renamed.drop()
    collection.rename("renamed")
    assert db.renamed.find_one() == {"_id": 1} and "made" not in db.list_collection_names()


@operation
def view():
    filled("made", {"_id": 1, "a": 1}, {"_id": 2, "a": 2})
    db.drop_collection("seen")
    db.create_collection("seen", viewOn="made", pipeline=[{"$match": {"a": 2}}])
    assert [one["_id"] for one in db.seen.find()] == [2]


@operation
def capped_collection():
    db.drop_collection("capped")
    capped = db.create_collection("capped", capped=True, size=4096, max=2)
    capped.insert_many([{"_id": i} for i in range(4)])
    assert [one["_id"] for one in capped.find()] == [2, 3]


@operation
def drop_database():
    client["pymongo_other"].c.insert_one({})
    client.drop_database("pymongo_other")
    assert "pymongo_other" not in client.list_database_names()


# --- sessions, transactions, change streams, GridFS ---


@operation
def causally_consistent_session():
    collection = filled("session")
    with client.start_session(causal_consistency=True) as session:
        collection.insert_one({"_id": 1}, session=session)
        assert collection.find_one({}, session=session) == {"_id": 1} and session.cluster_time is not None


@operation
def transaction_commit():
    collection = filled("session")
    with client.start_session() as session, session.start_transaction():
        collection.insert_one({"_id": 1}, session=session)
        assert collection.count_documents({}) == 0
    assert collection.count_documents({}) == 1


@operation
def transaction_abort():
    collection = filled("session", {"_id": 1, "n": 1})
    with client.start_session() as session:
        session.start_transaction()
        collection.update_one({"_id": 1}, {"$set": {"n": 2}}, session=session)
        session.abort_transaction()
    assert collection.find_one()["n"] == 1


@operation
def transaction_conflict():
    collection = filled("session", {"_id": 1, "n": 1})
    with client.start_session() as one, client.start_session() as two:
        one.start_transaction()
        two.start_transaction()
        collection.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=one)
        error = refused(112, lambda: collection.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=two))
        assert error.has_error_label("TransientTransactionError")
        one.commit_transaction()


@operation
def with_transaction():
    collection = filled("session")
    with client.start_session() as session:
        session.with_transaction(lambda s: collection.insert_one({"_id": 1}, session=s))
    assert collection.count_documents({}) == 1


@operation
def majority_reads():
    collection = filled("session", {"_id": 1})
    assert collection.with_options(read_concern=ReadConcern("majority")).find_one() == {"_id": 1}


@operation
def change_stream():
    collection = filled("watched", {"_id": 0})
    with collection.watch(full_document="updateLookup") as stream:
        collection.insert_one({"_id": 1})
        collection.update_one({"_id": 1}, {"$set": {"a": 1}})
        collection.delete_one({"_id": 1})
        events = [next(stream) for _ in range(3)]
    assert [one["operationType"] for one in events] == ["insert", "update", "delete"]
    assert events[1]["updateDescription"]["updatedFields"] == {"a": 1}
    assert events[1]["fullDocument"] == {"_id": 1, "a": 1} or events[1]["fullDocument"] is None


@operation
def change_stream_resume():
    collection = filled("watched", {"_id": 0})
    with collection.watch() as stream:
        collection.insert_one({"_id": 1})
        token = next(stream)["_id"]
    collection.insert_one({"_id": 2})
    with collection.watch([{"$match": {"operationType": "insert"}}], resume_after=token) as stream:
        assert next(stream)["documentKey"] == {"_id": 2}


@operation
def gridfs_upload_and_download():
    bucket = gridfs.GridFSBucket(db, chunk_size_bytes=1024)
    data = bytes(range(256)) * 40
    identifier = bucket.upload_from_stream("file", data, metadata={"k": 1})
    assert bucket.open_download_stream(identifier).read() == data
    assert bucket.open_download_stream_by_name("file").metadata == {"k": 1}
    bucket.rename(identifier, "other")
    bucket.delete(identifier)
    assert db.fs.chunks.count_documents({}) == 0


@operation
def concurrent_increments():
    collection = filled("concurrent", {"_id": 1, "n": 0})

    def work():
        for _ in range(50):
            collection.update_one({"_id": 1}, {"$inc": {"n": 1}})

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert collection.find_one()["n"] == 400


@operation
def large_document():
    collection = filled("large")
    collection.insert_one({"_id": 1, "text": "x" * (15 * 1024 * 1024)})
    assert len(collection.find_one()["text"]) == 15 * 1024 * 1024


@operation
def kill_cursors():
    collection = filled("find", *({"_id": i} for i in range(10)))
    reply = db.command(SON([("find", "find"), ("batchSize", 1)]))
    identifier = reply["cursor"]["id"]
    assert db.command(SON([("killCursors", "find"), ("cursors", [identifier])]))["cursorsKilled"] == [identifier]
    refused(43, lambda: db.command(SON([("getMore", identifier), ("collection", collection.name)])))


def main():
    failed = 0
    for one in operations:
        try:
            one()
        except Exception:  # every failure is reported, whatever its kind
            failed += 1
            print(f"failed: {one.__name__}\n{traceback.format_exc(limit=-2)}")
    client.drop_database("pymongo_suite")
    print(f"PyMongo {pymongo.version}: {len(operations) - failed} of {len(operations)} operations passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
