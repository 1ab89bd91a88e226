//! The JSON that the backend speaks and the storefront understands.
//!
//! Data only: no I/O, no rules of the shop. A type belongs here when both sides
//! name it; what only the backend knows stays in its slice.

mod accounts;
pub mod admin;
mod cart;
mod catalog;
mod checkout;
mod content;
mod id;
mod money;
mod orders;
mod page;
#[cfg(feature = "server")]
mod pair;
mod problem;
mod settings;
mod sitemap;
mod staff;

#[cfg(feature = "server")]
pub use self::pair::Pair;
pub use self::{
    accounts::{
        AddAddress, AskForLetter, ChangeEmail, Confirm, Customer, CustomerAddress, Export,
        ExportState, FinishPasskey, FinishPasskeySignIn, ForgetMe, Passkey, PasskeyStart,
        Reauthenticate, Refresh, Register, ResetPassword, Session, SetPassword, SignIn, SignedIn,
        UpdateAddress, UpdateCustomer, VerifyRegistration,
    },
    cart::{
        AddLine, AddLines, Cart, CartLine, CartProblem, CartStatus, LineNotice, OpenCart,
        OpenedCart, SetQuantity, SharedCart, SharedLine, TaxLine, Totals, UpdateCart,
    },
    catalog::{
        Availability, Category, CategoryDetail, Crumb, Detail, OptionRef, OptionValue, Picture,
        PictureSource, ProductCard, ProductDetail, ProductOption, ProductPicture, ProductQuery,
        Redirect, Sort, Suggestion, SuggestionKind, Suggestions, Swatch, Variant,
    },
    checkout::{
        Address, ChooseShipping, CompleteCart, Completed, Completion, PaymentChoice, PaymentMethod,
        ShippingOption,
    },
    content::{ContentLink, ContentPage, Post, PostCard},
    id::{
        AddressId, ApiKeyId, BadId, CartId, CategoryId, CustomerId, FulfilmentId, JobId, LineId,
        LocationId, MediaId, OrderId, OrderLineId, PasskeyId, PaymentId, PostId, ProductId,
        RefundId, RegionId, SessionId, ShippingMethodId, ShippingRateId, ShippingZoneId, StaffId,
        TaxClassId, TaxRateId, VariantId,
    },
    money::{BadMoney, Currency, Money},
    orders::{
        FindOrder, FulfilmentStatus, Order, OrderEvent, OrderLine, OrderStatus, OrderSummary,
        PaymentStatus, Reordered,
    },
    page::{Page, PageInfo},
    problem::{FieldError, Problem},
    settings::{Country, HomePage, HomeSection, MenuLink, Promise, Region, ShopConfig},
    sitemap::{Sitemap, SitemapEntry, SitemapKind, SitemapPart},
    staff::{
        AcceptInvitation, ApiKey, AuditEntry, AuditVerdict, Enrolment, EnterCode, Invite,
        MadeApiKey, MakeApiKey, NextStep, Permission, Role, SetStaffPassword, StaffMember,
        StaffSession, StaffSignIn, StaffState, UpdateStaff,
    },
};
