package live

import (
	"hash/maphash"
	"math"
	"math/bits"
	"reflect"
)

var seed = maphash.MakeSeed()

// digest sums up all that a row holds, so that a row that is as before need not be encoded to be known as such: reading
// fifty rows' fields is ten times cheaper than writing them. 0 is a row that cannot be summed up (it holds a map).
func digest(row any) uint64 {
	d := summing(maphash.String(seed, "row"))
	if !d.add(reflect.ValueOf(row)) {
		return 0
	}
	return max(1, uint64(d))
}

type summing uint64

func (d *summing) mix(v uint64) {
	hi, lo := bits.Mul64(uint64(*d)^v, 0x9e3779b97f4a7c15)
	*d = summing(hi ^ lo ^ bits.RotateLeft64(uint64(*d), 17))
}

func (d *summing) text(s string) { d.mix(maphash.String(seed, s)) }

func (d *summing) add(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		d.text(v.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		d.mix(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.mix(v.Uint())
	case reflect.Float32, reflect.Float64:
		d.mix(math.Float64bits(v.Float()))
	case reflect.Bool:
		d.mix(1)
		if v.Bool() {
			d.mix(2)
		}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			d.mix(3)
			return true
		}
		d.mix(4)
		if v.Kind() == reflect.Interface {
			d.text(v.Elem().Type().String())
		}
		return d.add(v.Elem())
	case reflect.Slice:
		if v.IsNil() {
			d.mix(5)
			return true
		}
		d.mix(uint64(v.Len()))
		if v.Type().Elem().Kind() == reflect.Uint8 {
			d.mix(maphash.Bytes(seed, v.Bytes()))
			return true
		}
		for i := range v.Len() {
			if !d.add(v.Index(i)) {
				return false
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !d.add(v.Field(i)) {
				return false
			}
		}
	case reflect.Invalid:
		d.mix(6)
	default:
		return false
	}
	return true
}
