package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
)

// value turns what callers pass into one of SQLite's five types.
func value(a any) (driver.Value, error) {
	switch v := a.(type) {
	case nil:
		return nil, nil
	case ID:
		return int64(v), nil
	case Time:
		return int64(v), nil
	case int64:
		return v, nil
	case int:
		return int64(v), nil
	case string:
		return v, nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case []byte:
		return v, nil
	case float64:
		return v, nil
	case json.RawMessage:
		return string(v), nil
	}
	if r := reflect.ValueOf(a); r.Kind() == reflect.String {
		return r.String(), nil
	}
	return nil, fmt.Errorf("a %T cannot be stored", a)
}

// orNull is NULL for no ID, for columns that refer to a row which need not be there.
func orNull(id ID) any {
	if id == 0 {
		return nil
	}
	return id
}

// scan puts a row's values where they belong. NULL becomes the zero value.
func scan(values []driver.Value, dest []any) error {
	if len(values) != len(dest) {
		return fmt.Errorf("%d columns for %d fields", len(values), len(dest))
	}
	for i, v := range values {
		if err := assign(dest[i], v); err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
	}
	return nil
}

func assign(dest any, v driver.Value) error {
	switch v := v.(type) {
	case nil:
		reflect.ValueOf(dest).Elem().SetZero()
		return nil
	case int64:
		switch d := dest.(type) {
		case *ID:
			*d = ID(v)
		case *Time:
			*d = Time(v)
		case *int64:
			*d = v
		case *int:
			*d = int(v)
		case *bool:
			*d = v != 0
		case *float64:
			*d = float64(v)
		default:
			return fmt.Errorf("an integer does not fit %T", dest)
		}
		return nil
	case string:
		return assignText(dest, v)
	case []byte:
		switch d := dest.(type) {
		case *[]byte:
			*d = append([]byte(nil), v...)
		case *string:
			*d = string(v)
		default:
			return fmt.Errorf("bytes do not fit %T", dest)
		}
		return nil
	case float64:
		if d, ok := dest.(*float64); ok {
			*d = v
			return nil
		}
	}
	return fmt.Errorf("%T does not fit %T", v, dest)
}

func assignText(dest any, v string) error {
	switch d := dest.(type) {
	case *string:
		*d = v
	case *json.RawMessage:
		*d = json.RawMessage(v)
	case *[]byte:
		*d = []byte(v)
	default:
		r := reflect.ValueOf(dest).Elem()
		if r.Kind() != reflect.String {
			return fmt.Errorf("text does not fit %T", dest)
		}
		r.SetString(v)
	}
	return nil
}
