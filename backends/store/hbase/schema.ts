/**
 * HBase's messages, as far as the store needs them: the names and numbers of the fields are those of its protocol
 * (hbase-protocol-shaded 2.6; the same since 2.4). Fields that are left out are optional there and skipped when they come.
 */
import protobuf from 'protobufjs';

const { root } = protobuf.parse(`
  syntax = "proto2";
  package hbase.pb;

  // A connection.
  message UserInformation { required string effective_user = 1; }
  message ConnectionHeader { optional UserInformation user_info = 1; optional string service_name = 2; }
  message RequestHeader {
    optional uint32 call_id = 1; optional string method_name = 3; optional bool request_param = 4;
    optional uint32 timeout = 7;
  }
  message ExceptionResponse {
    optional string exception_class_name = 1; optional string stack_trace = 2; optional bool do_not_retry = 5;
  }
  message ResponseHeader { optional uint32 call_id = 1; optional ExceptionResponse exception = 2; }

  // Names and places.
  message TableName { required bytes namespace = 1; required bytes qualifier = 2; }
  message ServerName { required string host_name = 1; optional uint32 port = 2; }
  message RegionInfo {
    required uint64 region_id = 1; required TableName table_name = 2; optional bytes start_key = 3;
    optional bytes end_key = 4; optional bool offline = 5; optional bool split = 6; optional int32 replica_id = 7;
  }
  message RegionLocation { required RegionInfo region_info = 1; optional ServerName server_name = 2; }
  message RegionSpecifier { required uint32 type = 1; required bytes value = 2; }

  // The registry, which masters and region servers have.
  message GetActiveMasterRequest {}
  message GetActiveMasterResponse { optional ServerName server_name = 1; }
  message GetMetaRegionLocationsRequest {}
  message GetMetaRegionLocationsResponse { repeated RegionLocation meta_locations = 1; }

  // Rows.
  message NameBytesPair { required string name = 1; optional bytes value = 2; }
  message Column { required bytes family = 1; repeated bytes qualifier = 2; }
  message Cell {
    optional bytes row = 1; optional bytes family = 2; optional bytes qualifier = 3; optional uint64 timestamp = 4;
    optional bytes value = 6;
  }
  message Result { repeated Cell cell = 1; }
  message Get { required bytes row = 1; repeated Column column = 2; }
  message GetRequest { required RegionSpecifier region = 1; required Get get = 2; }
  message GetResponse { optional Result result = 1; }
  message ByteArrayComparable { optional bytes value = 1; }
  message BinaryComparator { required ByteArrayComparable comparable = 1; }
  message Comparator { required string name = 1; optional bytes serialized_comparator = 2; }
  message Condition {
    required bytes row = 1; optional bytes family = 2; optional bytes qualifier = 3; optional uint32 compare_type = 4;
    optional Comparator comparator = 5;
  }
  message QualifierValue {
    optional bytes qualifier = 1; optional bytes value = 2; optional uint64 timestamp = 3;
    optional uint32 delete_type = 4;
  }
  message ColumnValue { required bytes family = 1; repeated QualifierValue qualifier_value = 2; }
  message MutationProto {
    optional bytes row = 1; optional uint32 mutate_type = 2; repeated ColumnValue column_value = 3;
    repeated NameBytesPair attribute = 5;
  }
  message Action { optional uint32 index = 1; optional MutationProto mutation = 2; }
  message RegionAction {
    required RegionSpecifier region = 1; optional bool atomic = 2; repeated Action action = 3;
    optional Condition condition = 4;
  }
  message RegionActionResult { optional NameBytesPair exception = 2; optional bool processed = 3; }
  message MultiRequest { repeated RegionAction region_action = 1; }
  message MultiResponse { repeated RegionActionResult region_action_result = 1; }
  message Scan {
    repeated Column column = 1; optional bytes start_row = 3; optional bytes stop_row = 4;
    optional uint64 max_result_size = 10; optional bool reversed = 15; optional bool include_start_row = 21;
    optional bool include_stop_row = 22; optional bool need_cursor_result = 24;
  }
  message ScanRequest {
    optional RegionSpecifier region = 1; optional Scan scan = 2; optional uint32 number_of_rows = 4;
    optional bool close_scanner = 5; optional bool client_handles_partials = 7;
    optional bool client_handles_heartbeats = 8;
  }
  message Cursor { optional bytes row = 1; }
  message ScanResponse {
    repeated Result results = 5; optional bool more_results_in_region = 8; optional Cursor cursor = 12;
  }

  // The table, which the active master makes.
  message BytesBytesPair { required bytes first = 1; required bytes second = 2; }
  message ColumnFamilySchema { required bytes name = 1; repeated BytesBytesPair attributes = 2; }
  message TableSchema { optional TableName table_name = 1; repeated ColumnFamilySchema column_families = 3; }
  message CreateTableRequest {
    required TableSchema table_schema = 1; optional uint64 nonce_group = 3; optional uint64 nonce = 4;
  }
  message CreateTableResponse { optional uint64 proc_id = 1; }
  message GenericExceptionMessage { optional string class_name = 1; optional string message = 2; }
  message ForeignExceptionMessage { optional GenericExceptionMessage generic_exception = 2; }
  message GetProcedureResultRequest { required uint64 proc_id = 1; }
  message GetProcedureResultResponse { required uint32 state = 1; optional ForeignExceptionMessage exception = 5; }
`);

/** The type of a message, by its name in the protocol; fields have their names in lowerCamelCase. */
export function messageType(name: string): protobuf.Type {
  return root.lookupType(`hbase.pb.${name}`);
}
