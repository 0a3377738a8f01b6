package testobj

import (
	"fmt"
	"reflect"
)

// Fill gives every leaf of a struct that a pointer points to a value of its own that its type can hold, and every list two items. Values count
// up after a number; the last one is returned. It panics on a kind of field that no revision knows.
func Fill(spec any, after int) int {
	fill(reflect.ValueOf(spec).Elem(), &after)
	return after
}

func fill(v reflect.Value, n *int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field, n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.String:
		*n++
		v.SetString(leafOf(v.Type(), *n))
	case reflect.Int32:
		*n++
		v.SetInt(int64(*n))
	default:
		panic("a kind of field that the revision does not know: " + v.Type().String())
	}
}

func leafOf(kind reflect.Type, n int) string {
	switch kind.Name() {
	case "Decimal", "Percent":
		return fmt.Sprint(n)
	case "Date":
		return fmt.Sprintf("2026-%02d-%02d", n/28%12+1, n%28+1)
	default:
		return fmt.Sprintf("x%d", n)
	}
}
