package visitor

import (
	"strings"

	"deskbell/store"
)

// The words of readable ids. The lists only grow at their ends, and which of them count is fixed by the first 64:
// a visitor keeps the name that was made for them.
var (
	adjectives = strings.Fields(`amber brave bright brisk calm clear clever cosy crisp curious daring dapper eager early easy fair
		fancy fast fine fond frank fresh gentle glad golden grand happy hazel honest humble jolly keen
		kind light lively lucky mellow merry mild misty modest neat nimble noble patient plucky polite proud
		quick quiet rapid ready rosy royal shiny silent silver simple sleek smart snug soft steady sunny`)
	animals = strings.Fields(`badger bear beaver bison bluejay bobcat camel cat cheetah condor cougar crane deer dingo dolphin dove
		eagle egret elk falcon ferret finch fox gazelle gecko goose hare hawk hedgehog heron horse ibex
		jackal jaguar kestrel koala lark lemur leopard lion llama lynx magpie marmot marten moose newt ocelot
		orca otter owl panda panther parrot pelican penguin plover puffin quail rabbit raven robin seal stork`)
)

const named = 64 // words of each list that make names

// readableID names a visitor by the id: "calm-otter-4821". The same id always gives the same name.
func readableID(id store.ID) string {
	h := uint64(id) * 0x9E3779B97F4A7C15 // Fibonacci hashing (Knuth, TAOCP 6.4): neighbouring ids get distant names
	h ^= h >> 29
	digits := [4]byte{}
	n := h >> 16 % 10000
	for i := 3; i >= 0; i-- {
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	return adjectives[h%named] + "-" + animals[h>>8%named] + "-" + string(digits[:])
}
